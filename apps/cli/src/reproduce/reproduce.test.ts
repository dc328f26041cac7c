import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Study } from "@quadrivium/config";
import type { CodeVersion } from "@quadrivium/runs";
import type { ReproduceEvent } from "@quadrivium/server";
import { quadrivium, temporaryFolder } from "../cli.test-helpers.js";
import { reproduceStudy } from "./reproduce-study.js";

function reproduce(runs: string, ...more: string[]): ReturnType<typeof quadrivium> {
  return quadrivium(["reproduce", "toy", "--quick", "--runs", runs, "--json", ...more]);
}

/** A reproduction of the toy study that counts how often its claims were judged. */
async function reproductionOf(root: string) {
  const { toy } = await import("../toy.test-helpers.js");
  let numJudged = 0;
  const { reproduction } = toy;
  const study: Study = {
    ...toy,
    reproduction: {
      ...reproduction,
      judge: (...args) => {
        numJudged += 1;
        return reproduction.judge(...args);
      },
    },
  };
  return {
    numJudged: () => numJudged,
    async reproduce(code: CodeVersion) {
      const events: ReproduceEvent[] = [];
      const found = await reproduceStudy(
        { workerEntry: new URL("../toy-worker.test-helpers.ts", import.meta.url) },
        {
          study,
          tier: "quick",
          root,
          compute: { executor: "auto", threads: 1 },
          jobs: 1,
          code,
          signal: new AbortController().signal,
          tell: (event) => events.push(event),
          onNotice: () => {},
        },
      );
      const told = events.filter(({ kind }) => kind === "claim" || kind === "figure");
      return { claims: found!.claims, told: JSON.parse(JSON.stringify(told)) as unknown };
    },
  };
}

describe("quadrivium reproduce", () => {
  test("finds the same in one process and in several", async () => {
    const one = await reproduce(await temporaryFolder(), "--jobs", "1");
    const several = await reproduce(await temporaryFolder(), "--jobs", "2");
    expect(one.exitCode).toBe(0);
    const claims = (said: typeof one) => (said.json["studies"] as { claims: unknown }[])[0]!.claims;
    expect(claims(several)).toEqual(claims(one));
    expect(claims(one)).toMatchObject([{ verdict: "supported" }, { verdict: "undecided" }]);
  });

  test("writes claims, figures and a report, and uses runs that are there", async () => {
    const runs = await temporaryFolder();
    await reproduce(runs, "--jobs", "1");
    const folder = join(runs, "reproduce", "toy-quick");
    const files = (await readdir(folder)).filter((name) => name !== "judged.json").sort();
    expect(files).toEqual(["claims.json", "figures", "report.html"]);
    expect(await readdir(join(folder, "figures"))).toEqual(["loss.svg"]);
    expect(await readFile(join(folder, "figures", "loss.svg"), "utf8")).toMatch(/^<svg .*xmlns=/);
    const file = JSON.parse(await readFile(join(folder, "claims.json"), "utf8")) as object;
    expect(file).toMatchObject({
      study: "toy",
      claims: [{ id: "toy/rests" }, { value: null, status: "not finite" }],
      runs: [{ seed: 0 }, { seed: 1 }, { seed: 2 }],
    });
    const made = (await readdir(runs)).length;
    const again = await reproduce(runs, "--jobs", "1");
    expect(again.exitCode).toBe(0);
    expect((await readdir(runs)).length).toBe(made);
  });

  test("shows what was judged on the same runs again at once, and judges anew what may have changed", async () => {
    const root = await temporaryFolder();
    const base = await reproductionOf(root);
    const first = await base.reproduce({ version: "1.0.0" });
    const again = await base.reproduce({ version: "1.0.0" });
    expect(base.numJudged()).toBe(1);
    expect(again).toEqual(first);
    await base.reproduce({ version: "1.0.1" });
    expect(base.numJudged()).toBe(2);
    await base.reproduce({ version: "1.0.1", commit: "c", isDirty: true });
    await base.reproduce({ version: "1.0.1", commit: "c", isDirty: true });
    expect(base.numJudged()).toBe(4);
    await rm(join(root, "reproduce", "toy-quick", "report.html"));
    await base.reproduce({ version: "1.0.1" });
    expect(base.numJudged()).toBe(5);
    const [oneRun] = (await readdir(root)).filter((name) => name.startsWith("toy-quick"));
    await rm(join(root, oneRun!), { recursive: true });
    await base.reproduce({ version: "1.0.1" });
    expect(base.numJudged()).toBe(6);
  });

  test("tells how it goes on, from the plan to the end", async () => {
    const events: ReproduceEvent[] = [];
    const args = ["reproduce", "--jobs", "1", "--runs", await temporaryFolder()];
    await quadrivium(args, { tell: (event) => events.push(event) });
    const kinds = [...new Set(events.map((event) => event.kind))];
    expect(kinds).toEqual(["plan", "run", "judging", "claim", "figure", "report", "end"]);
    expect(events.at(-1)).toEqual({ kind: "end", outcome: "done" });
  });

  test("goes on with the other studies where one fails, and exits with 1", async () => {
    const broken = {
      title: "broken",
      load: () => Promise.reject(new Error("it cannot be loaded")),
    };
    const { toyStudies } = await import("../toy.test-helpers.js");
    const args = ["reproduce", "--jobs", "1", "--runs", await temporaryFolder(), "--json"];
    const said = await quadrivium(args, { studies: { broken, ...toyStudies } });
    expect(said).toMatchObject({
      exitCode: 1,
      json: {
        ok: false,
        failed: [{ study: "broken", error: { message: "it cannot be loaded" } }],
        studies: [{ study: "toy" }],
      },
    });
  });

  test("tells of all studies' runs before the first begins, and passes over one that breaks", async () => {
    const broken = { title: "broken", load: () => Promise.reject(new Error("no")) };
    const { toyStudies } = await import("../toy.test-helpers.js");
    const events: ReproduceEvent[] = [];
    const args = ["reproduce", "--jobs", "1", "--runs", await temporaryFolder()];
    const studies = { broken, ...toyStudies };
    await quadrivium(args, { studies, tell: (event) => events.push(event) });
    expect(events.slice(0, 3)).toMatchObject([
      { kind: "plan", study: "toy" },
      { kind: "failed", study: "broken" },
      { kind: "plan", study: "toy" },
    ]);
  });

  test("refuses both tiers at once", async () => {
    const said = await quadrivium(["reproduce", "--quick", "--full", "--json"]);
    expect(said).toMatchObject({ exitCode: 2, json: { error: { code: "E_USAGE" } } });
  });
});
