import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let clone: string;
let children: ChildProcess[];

const at = (...path: string[]): string => join(clone, ...path);

function write(path: string, text: string, mode = 0o644): void {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text, { mode });
}

/** A clone with the preparing scripts, an npm that says that it ran, and a compiler that does nothing. */
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), "quadrivium-prepare-"));
  children = [];
  for (const name of ["prepare.mjs", "running.mjs"]) {
    cpSync(join(import.meta.dirname, name), at("tools", name));
  }
  for (const group of ["packages", "studies", "apps"]) mkdirSync(at(group));
  write(at("package-lock.json"), "1");
  write(at("apps/cli/dist/quadrivium.js"), "");
  write(at("node_modules/typescript/bin/tsc"), "");
  write(
    at("npm-tool/npm"),
    `#!/bin/sh\necho ran >> "${at("npm-ran")}"\n: > node_modules/.package-lock.json\n`,
    0o755,
  );
  write(
    at("tools/command.mjs"),
    `import { prepare } from "./prepare.mjs";
     await prepare({ isQuiet: true });
     console.log("prepared");
     process.stdin.resume().on("end", () => process.exit(0));`,
  );
});

afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(clone, { recursive: true, force: true });
});

/** Starts a command of the clone; it lives on until its input ends. */
function start(): { child: ChildProcess; prepared: Promise<boolean>; said: () => string } {
  const env = { ...process.env, PATH: `${at("npm-tool")}${delimiter}${process.env["PATH"]}` };
  const child = spawn(process.execPath, [at("tools/command.mjs")], { env });
  children.push(child);
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, "close").then(() => false);
  const prepared = Promise.race([once(child.stdout, "data").then(() => true), ended]);
  return { child, prepared, said: () => said };
}

async function end(child: ChildProcess): Promise<void> {
  const closed = once(child, "close");
  child.stdin!.end();
  await closed;
}

describe.skipIf(process.platform === "win32")("prepare", () => {
  test("installs nothing beneath a process that runs, and says which; later it does", async () => {
    const running = start();
    expect(await running.prepared).toBe(true);
    rmSync(at("npm-ran"));
    writeFileSync(at("package-lock.json"), "2");
    rmSync(at("node_modules/.package-lock.json"));

    const refused = start();
    expect(await refused.prepared).toBe(false);
    expect(refused.child.exitCode).toBe(1);
    expect(refused.said()).toBe(
      "quadrivium: package-lock.json asks for other dependencies, and process " +
        `${running.child.pid} still runs from this clone: end it or wait for it, then start this again\n`,
    );
    expect(existsSync(at("npm-ran"))).toBe(false);

    await end(running.child);
    const later = start();
    expect(await later.prepared).toBe(true);
    expect(existsSync(at("npm-ran"))).toBe(true);
  });

  test("forgets a process that was killed, and another that has its number now", async () => {
    const killed = start();
    expect(await killed.prepared).toBe(true);
    const closed = once(killed.child, "close");
    killed.child.kill("SIGKILL");
    await closed;
    expect(existsSync(at(".running", String(killed.child.pid)))).toBe(true);
    // this test's own process lives, but began at another time than the mark says
    if (process.platform === "linux") write(at(".running", String(process.pid)), "1");
    rmSync(at("npm-ran"));
    writeFileSync(at("package-lock.json"), "2");
    rmSync(at("node_modules/.package-lock.json"));
    expect(await start().prepared).toBe(true);
    expect(existsSync(at("npm-ran"))).toBe(true);
    expect(existsSync(at(".running", String(killed.child.pid)))).toBe(false);
  });

  test("lets several processes run side by side where nothing is to be done", async () => {
    const first = start();
    expect(await first.prepared).toBe(true);
    expect(await start().prepared).toBe(true);
  });
});
