// Makes a clone ready to run: installs from the lockfile and builds, each only where it is missing
// or stale. Uses nothing but Node, because nothing else is there yet.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isAlive, markRunning, othersRunning } from "./running.mjs";

/** The folder of the clone. */
export const root = fileURLToPath(new URL("..", import.meta.url));

const modules = join(root, "node_modules");
const cache = join(modules, ".cache", "quadrivium");
const stamps = { install: join(modules, ".quadrivium-install"), build: join(cache, "build") };

/**
 * Installs and builds what is missing or stale, and marks this process as one that runs from the
 * clone: nothing is installed beneath it while it lives.
 *
 * @param {{ isQuiet?: boolean }} options `isQuiet` says nothing where there is nothing to do
 */
export async function prepare({ isQuiet = false } = {}) {
  requireNode();
  if (isPrepared()) {
    if (!isQuiet) say("dependencies and build are up to date");
  } else {
    const release = await takeLock();
    try {
      if (!isInstalled()) await install();
      if (!isBuilt()) await build();
    } finally {
      release();
    }
  }
  markRunning(root);
}

/** Runs a program with its output on ours and waits for it. @returns its exit status */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: "inherit", ...options });
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
  });
}

/** Says what is being done, on standard error: standard output belongs to results. */
export function say(text) {
  process.stderr.write(`quadrivium: ${text}\n`);
}

function isPrepared() {
  return isInstalled() && isBuilt();
}

function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  say(`needs Node 20.19 or newer; this is ${process.versions.node}`);
  process.exit(1);
}

async function install() {
  const others = othersRunning(root);
  if (others.length > 0) {
    fail(
      `package-lock.json asks for other dependencies, and process ${others.join(", ")} still runs ` +
        "from this clone: end it or wait for it, then start this again",
    );
  }
  const time = stopwatch();
  say("installing dependencies from package-lock.json (a minute at most)");
  // npm is a script on Windows, which is started through a shell only
  const isWindows = process.platform === "win32";
  const code = await run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    shell: isWindows,
    stdio: ["ignore", 2, 2],
  });
  if (code !== 0) fail(`npm ci failed with exit code ${code}`);
  writeFileSync(stamps.install, lockHash());
  say(`installed in ${time()}`);
}

async function build() {
  const time = stopwatch();
  say("building");
  const before = sourceHash();
  const tsc = join(modules, "typescript", "bin", "tsc");
  if (!existsSync(tsc)) fail("the compiler is not installed; run npm ci without --omit=dev");
  const code = await run(process.execPath, [tsc, "-b"], { stdio: ["ignore", 2, 2] });
  if (code !== 0) fail(`the build failed with exit code ${code}`);
  mkdirSync(cache, { recursive: true });
  writeFileSync(stamps.build, before);
  say(`built in ${time()}`);
}

function isInstalled() {
  const installed = join(modules, ".package-lock.json"); // written by npm last
  if (!existsSync(installed)) return false;
  if (readOrEmpty(stamps.install) === lockHash()) return true;
  // installed by hand after the lockfile was last written
  return statSync(installed).mtimeMs >= statSync(join(root, "package-lock.json")).mtimeMs;
}

function isBuilt() {
  return (
    existsSync(join(root, "apps/cli/dist/quadrivium.js")) &&
    readOrEmpty(stamps.build) === sourceHash()
  );
}

function lockHash() {
  return createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
}

/** Changes whenever a source file is added, removed or written. */
function sourceHash() {
  const hash = createHash("sha256");
  const visit = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (!/\.test(-helpers)?\.ts$/.test(entry.name)) {
        const { mtimeMs, size } = statSync(path);
        hash.update(`${path}:${mtimeMs}:${size}\n`);
      }
    }
  };
  for (const group of ["packages", "studies", "apps"]) {
    for (const name of readdirSync(join(root, group))) {
      const source = join(root, group, name, "src");
      if (existsSync(source)) visit(source);
    }
  }
  return hash.digest("hex");
}

/** Waits while another process prepares the same clone. */
async function takeLock() {
  const lock = join(root, ".prepare-lock");
  for (let waited = 0; ; waited++) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      return () => rmSync(lock, { force: true });
    } catch (cause) {
      if (cause.code !== "EEXIST") fail(`cannot write ${lock}: ${cause.code}`);
    }
    if (!isAlive(Number(readOrEmpty(lock)))) rmSync(lock, { force: true });
    if (waited === 10) say("waiting for another process that prepares this clone");
    await setTimeout(100);
  }
}

function readOrEmpty(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function stopwatch() {
  const start = performance.now();
  return () => `${((performance.now() - start) / 1000).toFixed(0)} s`;
}

function fail(text) {
  say(text);
  process.exit(1);
}
