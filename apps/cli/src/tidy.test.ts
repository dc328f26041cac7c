import { readdir } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { quadrivium, startQuadrivium, temporaryFolder } from "./cli.test-helpers.js";

const run = ["run", "toy", "quick", "--jobs", "1"];

async function twoRuns(): Promise<{ runs: string; ids: string[] }> {
  const runs = await temporaryFolder();
  for (const steps of ["12", "20"]) {
    await quadrivium([...run, "--set", `steps=${steps}`, "--runs", runs]);
  }
  return { runs, ids: (await readdir(runs)).sort() };
}

describe("quadrivium rm", () => {
  test("removes the runs that are named and no others, with --dry-run none", async () => {
    const { runs, ids } = await twoRuns();
    const [first, second] = ids as [string, string];
    const dry = await quadrivium(["rm", first, "--dry-run", "--runs", runs, "--json"]);
    expect(dry.json).toMatchObject({ ok: true, dryRun: true, removed: [{ id: first }] });
    expect((await readdir(runs)).sort()).toEqual(ids);
    const { out } = await quadrivium(["rm", first, first, "--runs", runs]);
    expect(out).toMatch(new RegExp(`^removed ${first} \\([0-9.]+ KiB\\)\\n$`));
    expect(await readdir(runs)).toEqual([second]);
  });

  test("refuses an ambiguous name, and removes nothing when one of several is unknown", async () => {
    const { runs, ids } = await twoRuns();
    const several = await quadrivium(["rm", "toy-quick", "--runs", runs, "--json"]);
    expect(several).toMatchObject({ exitCode: 3, json: { error: { code: "E_NO_RUN" } } });
    const unknown = await quadrivium(["rm", ids[0]!, "nothing", "--runs", runs, "--json"]);
    expect(unknown).toMatchObject({ exitCode: 3, json: { error: { code: "E_NO_RUN" } } });
    expect((await readdir(runs)).sort()).toEqual(ids);
  });

  test("refuses a run in training, which then ends as if nothing had been", async () => {
    const runs = await temporaryFolder();
    const args = [...run, "--set", "steps=200", "--set", "stepMs=20", "--runs", runs, "--json"];
    const { ended } = startQuadrivium(args);
    // a folder shows before its run is in place and its process has made itself known
    await expect
      .poll(async () => (await quadrivium(["ls", "--runs", runs, "--json"])).json["runs"], {
        timeout: 60_000,
      })
      .toMatchObject([{ status: "running" }]);
    const said = await quadrivium(["rm", "toy-quick", "--runs", runs, "--json"]);
    expect(said).toMatchObject({ exitCode: 3, json: { error: { code: "E_RUN_ACTIVE" } } });
    expect((await quadrivium(["prune", "--runs", runs, "--json"])).json).toMatchObject({
      bytes: 0,
    });
    expect(await ended).toMatchObject({ exitCode: 0, json: { ok: true, n: 200 } });
  });
});

describe("quadrivium prune", () => {
  test("frees checkpoints that nothing reads; runs resume, show and export as before", async () => {
    const { runs, ids } = await twoRuns();
    const [first] = ids as [string];
    const before = await quadrivium(["show", first, "--runs", runs, "--json"]);
    const dry = await quadrivium(["prune", "--dry-run", "--runs", runs, "--json"]);
    const freed = await quadrivium(["prune", "--runs", runs, "--json"]);
    expect(freed.json).toEqual({ ...dry.json, dryRun: false });
    expect((await quadrivium(["prune", "--runs", runs])).out).toBe("freed 0 B\n");
    expect((await quadrivium(["show", first, "--runs", runs, "--json"])).json).toEqual(before.json);
    const exported = ["export", first, "--safetensors", `${runs}/x`, "--runs", runs, "--json"];
    expect((await quadrivium(exported)).exitCode).toBe(0);
  });
});

describe("quadrivium compare", () => {
  test("shows the settings that differ, and every run's results and last metrics", async () => {
    const { runs, ids } = await twoRuns();
    const { json, out } = await quadrivium(["compare", ...ids, "--runs", runs, "--json"]);
    expect(out.trimEnd().split("\n")).toHaveLength(1);
    expect(json["settings"]).toEqual({ steps: json["settings"]!["steps" as never] });
    const of = async (id: string) =>
      (await quadrivium(["show", id, "--runs", runs, "--json"])).json["result"] as { sum: number };
    const sums = [(await of(ids[0]!)).sum, (await of(ids[1]!)).sum];
    expect(json).toMatchObject({
      results: { sum: sums },
      metrics: { loss: [expect.any(Number), expect.any(Number)] },
    });
    const table = (await quadrivium(["compare", ...ids, "--runs", runs])).out;
    expect(table).toMatch(/settings that differ +a +b\nsteps +\d+ +\d+\n/);
  });

  test("refuses one run alone", async () => {
    const { runs, ids } = await twoRuns();
    const said = await quadrivium(["compare", ids[0]!, "--runs", runs, "--json"]);
    expect(said).toMatchObject({ exitCode: 3, json: { error: { code: "E_COMPARE" } } });
  });
});
