import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readCsv, readEvents, readParquet, readSafetensors } from "@quadrivium/io";
import { quadrivium, temporaryFolder } from "./cli.test-helpers.js";

const quick = ["run", "toy", "quick", "--set", "steps=12", "--jobs", "1"];

describe("quadrivium run", () => {
  test("ends standard output with the run's folder, time and result as one JSON line", async () => {
    const runs = await temporaryFolder();
    const { exitCode, out, json } = await quadrivium([...quick, "--runs", runs, "--json"]);
    expect(exitCode).toBe(0);
    expect(out.trimEnd().split("\n")).toHaveLength(1);
    expect(json).toMatchObject({
      ok: true,
      study: "toy",
      preset: "quick",
      seed: 0,
      n: 12,
      steps: 12,
    });
    expect(json["runDir"]).toMatch(runs);
    expect(json["seconds"]).toBeGreaterThan(0);
    expect(json["best"]).toBeTypeOf("number");
  });

  test("gives the same numbers for the same seed, others for another", async () => {
    const runs = await temporaryFolder();
    const results = [];
    for (const seed of ["1", "1", "2"]) {
      const { json } = await quadrivium([...quick, "--runs", runs, "--seed", seed, "--json"]);
      results.push(json["sum"]);
    }
    expect(results[0]).toBe(results[1]);
    expect(results[2]).not.toBe(results[0]);
  });

  test.each([
    [["run", "toi", "quick"], 3, "E_STUDY", "there is no study toi; did you mean toy?"],
    [["run", "toy", "quik"], 3, "E_PRESET", "toy: has no preset quik; did you mean quick?"],
    [
      ["run", "toy", "quick", "--set", "stepz=3"],
      3,
      "E_SETTING",
      "toy: has no setting stepz; did you mean steps?",
    ],
    [
      ["run", "toy", "quick", "--set", "steps=0"],
      3,
      "E_VALUE",
      "toy: steps must be a whole number from 1 to 100000; got 0",
    ],
    [
      ["run", "toy", "quick", "--set", "steps=x"],
      3,
      "E_VALUE",
      "toy: steps must be a whole number from 1 to 100000; got x",
    ],
    [
      ["run", "toy", "quick", "--seed", "-1"],
      2,
      "E_USAGE",
      expect.stringContaining("whole number of at least 0"),
    ],
    [
      ["run", "toy", "quick", "--executor", "tpu"],
      2,
      "E_USAGE",
      expect.stringContaining("Allowed choices are auto, native, wasm"),
    ],
    [["run", "toy"], 2, "E_USAGE", "missing required argument 'preset'"],
    [["fly"], 2, "E_USAGE", "unknown command 'fly'"],
    [["toy", "averge"], 2, "E_USAGE", expect.stringContaining("Did you mean average?")],
    [["show", "nothing"], 3, "E_NO_RUN", expect.stringContaining("no run nothing in")],
  ])("refuses %j", async (args, exitCode, code, message) => {
    const runs = await temporaryFolder();
    const where = args[0] === "fly" || args[0] === "toy" ? [] : ["--runs", runs];
    const said = await quadrivium([...args, ...where, "--json"]);
    expect(said).toMatchObject({ exitCode, json: { ok: false, error: { code, message } } });
    expect(said.err).toMatch(/^quadrivium: .+\n$/s);
  });

  test("says in one sentence where it cannot write", async () => {
    const file = join(await temporaryFolder(), "file");
    await writeFile(file, "");
    const { exitCode, json, err } = await quadrivium([...quick, "--runs", file, "--json"]);
    expect(exitCode).toBe(3);
    expect(json).toMatchObject({ error: { code: "E_WRITE", details: { path: file } } });
    expect(err.trimEnd().split("\n")).toHaveLength(1);
  });

  test("fails with the run, seed and step where the study raises an error", async () => {
    const args = [...quick, "--set", "failAt=5", "--runs", await temporaryFolder(), "--json"];
    const { exitCode, json } = await quadrivium(args);
    expect(exitCode).toBe(1);
    expect(json).toMatchObject({ error: { code: "E_RUN_FAILED", details: { seed: 0, n: 4 } } });
  });
});

describe("quadrivium ls, show, resume and export", () => {
  test("tell about the runs there are, and pass over damaged ones aloud", async () => {
    const runs = await temporaryFolder();
    expect((await quadrivium(["ls", "--runs", runs])).out).toMatch(/no runs in .* yet/);
    await quadrivium([...quick, "--runs", runs]);
    await quadrivium([...quick, "--set", "failAt=5", "--runs", runs]);
    await mkdir(join(runs, "damaged"));
    await writeFile(join(runs, "damaged", "manifest.json"), "{");
    const ls = await quadrivium(["ls", "--runs", runs, "--json"]);
    expect(ls.exitCode).toBe(0);
    const states = (ls.json["runs"] as { status: string; n: number }[]).map((r) => [r.status, r.n]);
    expect(new Map(states as [string, number][])).toEqual(
      new Map([
        ["failed", 4],
        ["finished", 12],
      ]),
    );
    expect(ls.err).toContain("damaged/manifest.json is not JSON; the run folder was damaged");
    const table = (await quadrivium(["ls", "--runs", runs])).out.split("\n");
    expect(table[0]).toMatch(/^run +status +at +time +created \(UTC\)$/);
  });

  test("show a run's configuration, metrics and result", async () => {
    const runs = await temporaryFolder();
    const { json } = await quadrivium([...quick, "--runs", runs, "--json"]);
    const shown = await quadrivium(["show", "toy-quick", "--runs", runs, "--json"]);
    expect(shown.json).toMatchObject({
      status: "finished",
      manifest: { config: { steps: 12, width: 16 }, seed: 0 },
      result: { best: json["best"] },
      metrics: { loss: expect.any(Number) as number },
    });
    expect((await quadrivium(["show", "toy-quick", "--runs", runs])).out).toMatch(
      /last metrics\n {2}loss/,
    );
  });

  test("resume a finished run by saying its result again", async () => {
    const runs = await temporaryFolder();
    const first = await quadrivium([...quick, "--runs", runs, "--json"]);
    const again = await quadrivium(["resume", "toy-quick", "--runs", runs, "--json"]);
    expect(again.json).toEqual(first.json);
  });

  test("refuse a damaged run", async () => {
    const runs = await temporaryFolder();
    const { json } = await quadrivium([...quick, "--runs", runs, "--json"]);
    await writeFile(join(json["runDir"] as string, "manifest.json"), "[]");
    const shown = await quadrivium(["show", "toy-quick", "--runs", runs, "--json"]);
    expect(shown).toMatchObject({ exitCode: 3, json: { error: { code: "E_RUN_BROKEN" } } });
  });

  test("export metrics and arrays that other programs read", async () => {
    const runs = await temporaryFolder();
    await quadrivium([...quick, "--runs", runs]);
    const csv = join(runs, "curves.csv");
    const arrays = join(runs, "arrays.safetensors");
    const args = ["export", "toy-quick", "--runs", runs, "--csv", csv, "--safetensors", arrays];
    expect((await quadrivium([...args, "--json"])).json).toEqual({
      ok: true,
      files: [csv, arrays],
    });
    const lines = (await readFile(csv, "utf8")).trimEnd().split("\n");
    expect(lines[0]).toBe("clock,n,name,value");
    expect(lines).toHaveLength(13);
    const { tensors } = readSafetensors(await readFile(arrays));
    expect(Object.keys(tensors).sort()).toEqual(["state/moments/0", "state/weights"]);
  });

  test("export the same curves for Parquet readers and TensorBoard", async () => {
    const runs = await temporaryFolder();
    await quadrivium([...quick, "--runs", runs]);
    const csv = join(runs, "curves.csv");
    const parquet = join(runs, "curves.parquet");
    const formats = ["--csv", csv, "--parquet", parquet, "--tensorboard", join(runs, "curves")];
    const args = ["export", "toy-quick", "--runs", runs, ...formats, "--json"];
    const { json } = await quadrivium(args);
    const files = json["files"] as string[];
    expect(files.slice(0, 2)).toEqual([csv, parquet]);
    expect(files[2]).toMatch(/curves\/toy-quick[^/]*\/events\.out\.tfevents\.\d{10}\.quadrivium$/);
    const { columns } = readCsv(await readFile(csv, "utf8"));
    const numbers = await readParquet(await readFile(parquet));
    expect(numbers.otherNames).toEqual(["clock", "name"]);
    expect(Array.from(numbers.columns["value"]!)).toEqual(columns["value"]);
    const events = readEvents(await readFile(files[2]!));
    expect(events.map(({ tag, step }) => [tag, step])).toEqual(
      columns["n"]!.map((n) => ["loss", n]),
    );
    expect(events.map(({ value }) => value)).toEqual(
      (columns["value"] as number[]).map(Math.fround),
    );
    expect(Math.abs(events[0]!.wallTime - Date.now() / 1000)).toBeLessThan(600);
  });

  test("export refuses to write nothing", async () => {
    const runs = await temporaryFolder();
    await quadrivium([...quick, "--runs", runs]);
    const { exitCode, json } = await quadrivium(["export", "toy-quick", "--runs", runs, "--json"]);
    expect(exitCode).toBe(3);
    expect(json).toMatchObject({ error: { code: "E_EXPORT" } });
  });
});

describe("quadrivium <study> <verb>", () => {
  async function files(...texts: string[]): Promise<string[]> {
    const folder = await temporaryFolder();
    const paths = texts.map((_, index) => join(folder, `${index}, of some.txt`));
    await Promise.all(paths.map((path, index) => writeFile(path, texts[index]!)));
    return paths;
  }

  test("runs a verb with its flags, in other processes too", async () => {
    const paths = await files("1", "2", "6");
    const args = ["toy", "average", ...paths, "--scale-by", "2", "--is-verbose", "--json"];
    const { json, err } = await quadrivium([...args, "--jobs", "2"]);
    expect(json).toEqual({ ok: true, mean: 6, squares: [1, 4, 36] });
    expect(err).toMatch(/^reading .*0, of some\.txt\n/);
  });

  test("speaks to people without --json", async () => {
    const { out } = await quadrivium(["toy", "average", ...(await files("3")), "--jobs", "1"]);
    expect(out).toBe("the mean is 3\n");
  });

  test.each([
    [["--scale-by", "0"], "average: scaleBy must be a number above 0; got 0"],
    [["--scale-by", "much"], "average: --scale-by must be a number above 0; got much"],
  ])("refuses %j", async (flags, message) => {
    const args = ["toy", "average", ...(await files("3")), ...flags, "--json"];
    expect(await quadrivium(args)).toMatchObject({ exitCode: 3, json: { error: { message } } });
  });

  test("names a file that is not there", async () => {
    const said = await quadrivium(["toy", "average", "/none/at/all", "--jobs", "1", "--json"]);
    expect(said).toMatchObject({
      exitCode: 3,
      json: {
        error: { code: "E_FILE", message: "cannot read /none/at/all: there is no such file" },
      },
    });
  });
});

describe("quadrivium doctor", () => {
  test("says what works here", async () => {
    const { exitCode, json } = await quadrivium(["doctor", "--json"]);
    expect(exitCode).toBe(0);
    expect(json).toMatchObject({
      ok: true,
      executor: "native",
      studies: ["toy"],
      dataFolder: null,
    });
    expect(json["executors"]).toContainEqual({ name: "native", available: true });
  });

  test("finds fault with a data folder that is not there", async () => {
    const said = await quadrivium(["doctor", "--json"], { env: { QUADRIVIUM_DATA: "/none" } });
    expect(said).toMatchObject({ exitCode: 1, json: { ok: false, dataFolder: "/none" } });
  });
});

describe("--help", () => {
  test.each([
    [[]],
    [["run"]],
    [["resume"]],
    [["ls"]],
    [["show"]],
    [["compare"]],
    [["export"]],
    [["rm"]],
    [["prune"]],
    [["doctor"]],
    [["toy", "average"]],
  ])("of %j fits a screen and shows an example", async (command) => {
    const { out, exitCode } = await quadrivium([...command, "--help"]);
    expect(exitCode).toBe(0);
    expect(out.trimEnd().split("\n").length).toBeLessThanOrEqual(24);
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
    expect(out).toMatch(/(Example|Start here): quadrivium /);
  });

  test("of a study lists its verbs and presets, of its runs the settings", async () => {
    const { out } = await quadrivium(["toy", "--help"]);
    expect(out).toMatch(/average .*average the numbers/);
    expect(out).toMatch(/quick +forty steps/);
    const settings = await quadrivium(["run", "toy", "--help"]);
    expect(settings.out).toMatch(/ steps=40 /);
  });
});
