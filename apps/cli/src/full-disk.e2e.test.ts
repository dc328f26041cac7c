import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test, vi } from "vitest";
import { quadrivium, temporaryFolder } from "./cli.test-helpers.js";

vi.setConfig({ testTimeout: 300_000 });

const program = fileURLToPath(new URL("toy-quadrivium.test-helpers.ts", import.meta.url));
const command = `${process.execPath} --conditions=@quadrivium/source --import=tsx ${program}`;

/** Runs a shell script with `$1` a folder and `$q` the program; its exit code and JSON lines. */
function shell(folder: string, script: string, wrapper: readonly string[] = []) {
  const args = [...wrapper, "sh", "-c", script, "sh", folder];
  const env = { ...process.env, q: command };
  const { status, stdout, stderr } = spawnSync(args[0]!, args.slice(1), { env, encoding: "utf8" });
  const lines = stdout.trim().split("\n");
  const json = lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  return { status, json: json as { [key: string]: unknown }[], stderr };
}

async function uninterrupted(steps: number): Promise<unknown> {
  const runs = await temporaryFolder();
  const args = ["run", "toy", "quick", "--set", `steps=${steps}`, "--set", "checkpointEvery=1"];
  const { best, sum } = (await quadrivium([...args, "--jobs", "1", "--runs", runs, "--json"])).json;
  return { best, sum };
}

/** A mount namespace of one's own, where the system grants one. */
const ownMounts = ["unshare", "--map-root-user", "--mount"];
const hasMounts = shell("/mnt", "mount -t tmpfs -o size=64k tmpfs $1", ownMounts).status === 0;
if (!hasMounts) console.info("no tests of full and read-only disks: tmpfs cannot be mounted here");

const flags = '--runs "$1" --jobs 1 --json';
const refusal = /^quadrivium: cannot write .+$/m;

describe.runIf(hasMounts)("on a disk of its own", () => {
  test("a run keeps what it saved when the disk fills, and goes on from there", async () => {
    const script = `
      mount -t tmpfs -o size=40m tmpfs "$1" && touch "$1/hold" || exit 99
      $q run toy quick --set steps=9 --set checkpointEvery=1 --set holdFile="$1/hold" ${flags} &
      until ls -d "$1"/toy-*/attempts/1/checkpoint/2 > "$1/seen" 2>&1; do kill -0 $! || exit 98; sleep 0.05; done
      head -c 100m /dev/zero > "$1/filler"
      rm "$1/hold"; wait $!; refused=$?
      rm "$1/filler"
      $q resume toy-quick ${flags} && exit $refused`;
    const { status, json, stderr } = shell(await temporaryFolder(), script, ownMounts);
    expect(stderr).toMatch(refusal);
    expect(status).toBe(3);
    const [refused, resumed] = json;
    expect(refused).toMatchObject({ ok: false, error: { code: "E_WRITE" } });
    const { attempt, best, sum } = resumed!;
    expect(attempt).toBe(2);
    expect({ best, sum }).toEqual(await uninterrupted(9));
  });

  test("a run says that the disk is read-only", async () => {
    const script = `mount -t tmpfs -o ro tmpfs "$1" && $q run toy quick ${flags}`;
    const { status, json, stderr } = shell(await temporaryFolder(), script, ownMounts);
    expect(stderr).toMatch(refusal);
    expect(status).toBe(3);
    const message = expect.stringContaining("the file system is read-only") as string;
    expect(json).toMatchObject([{ ok: false, error: { code: "E_WRITE", message } }]);
  });
});

describe("where files may not grow", () => {
  test("a run keeps what it saved before one did, and goes on from there", async () => {
    const folder = await temporaryFolder();
    // 8 units are 4 or 8 KiB: the metrics of 300 steps take more
    const script = `trap '' XFSZ; ulimit -f 8
      $q run toy quick --set steps=300 --set checkpointEvery=1 ${flags}`;
    const { status, json, stderr } = shell(folder, script);
    expect(stderr).toMatch(refusal);
    expect(status).toBe(3);
    expect(json).toMatchObject([{ ok: false, error: { code: "E_WRITE" } }]);
    const resumed = (await quadrivium(["resume", "toy-quick", "--runs", folder, "--json"])).json;
    expect(resumed["attempt"]).toBe(2);
    const { best, sum } = resumed;
    expect({ best, sum }).toEqual(await uninterrupted(300));
  });
});

describe("where nothing can be written at all", () => {
  test("a run and an export end with one sentence, and what there was stays", async () => {
    const run = await quadrivium(["run", "toy", "quick", "--runs", "/proc/none", "--json"]);
    expect(run).toMatchObject({ exitCode: 3, json: { error: { code: "E_WRITE" } } });
    expect(run.err).toMatch(refusal);
    const runs = await temporaryFolder();
    const { json } = await quadrivium(["run", "toy", "quick", "--runs", runs, "--json"]);
    const beneathAFile = join(json["runDir"] as string, "manifest.json", "curves.csv");
    const args = ["export", "toy-quick", "--runs", runs, "--csv", beneathAFile, "--json"];
    const exported = await quadrivium(args);
    expect(exported).toMatchObject({ exitCode: 3, json: { error: { code: "E_WRITE" } } });
    expect(exported.err).toMatch(refusal);
    const ls = (await quadrivium(["ls", "--runs", runs, "--json"])).json;
    expect(ls).toMatchObject({ runs: [{ status: "finished" }], broken: [] });
  });
});
