import { z } from "zod";
import { InputError } from "@quadrivium/core";
import type { Command, Reproduction, Study } from "@quadrivium/config";
import { toyStudy } from "../../../packages/runs/src/toy-study.test-helpers.js";
import type { StudyRegistry } from "./host.js";

const average: Command<
  { files: string[]; scaleBy: number; isVerbose: boolean; parallel: boolean },
  { mean: number; squares: number[] }
> = {
  name: "average",
  summary: "average the numbers in some files",
  positional: ["files"],
  input: z.object({
    files: z.array(z.string()).min(1).describe("files with one number each"),
    scaleBy: z.number().positive().default(1).describe("factor of the mean"),
    isVerbose: z.boolean().default(false).describe("say what is read"),
    parallel: z.boolean().default(true).describe("square in other processes"),
  }),
  output: z.object({ mean: z.number(), squares: z.array(z.number()) }),
  examples: ["average a.txt b.txt --scale-by 2"],
  render: ({ mean }) => `the mean is ${mean}`,
  async run({ files, scaleBy, isVerbose }, { readFile, map, progress }) {
    const values: number[] = [];
    for (const file of files) {
      if (isVerbose) progress(`reading ${file}`);
      values.push(Number(new TextDecoder().decode(await readFile(file))));
    }
    if (values.some(Number.isNaN)) throw new InputError("E_VALUE", "average: needs numbers");
    const squares: number[] = [];
    for await (const { index, value } of map("square", values)) squares[index] = value as number;
    const sum = values.reduce((total, value) => total + value, 0);
    return { mean: (scaleBy * sum) / values.length, squares };
  },
};

const wait: Command<{ file: string }, object> = {
  name: "wait",
  summary: "wait until stopped",
  positional: ["file"],
  input: z.object({ file: z.string().describe("gets a mark from each process that has begun") }),
  output: z.object({}),
  async run({ file }, { map }) {
    for await (const _ of map("wait", [file, file]));
    return {};
  },
};

const reproduction: Reproduction = {
  plan: (tier) =>
    [0, 1, 2].map((seed) => ({
      preset: "quick",
      set: { steps: tier === "quick" ? 30 : 100_000, stepMs: 2 },
      seed,
    })),
  async *judge(_, runs, { map }) {
    const sums = runs.map(({ result }) => (result as { sum: number }).sum);
    let energy = 0;
    for await (const { value } of map("square", sums)) energy += value as number;
    yield {
      id: "toy/rests",
      statement:
        "Momentum brings the weights of a noisy quadratic near zero <and> keeps them there.",
      source: "Nowhere, §1",
      statistic: "mean of (sum of weights)² over runs",
      value: energy / runs.length,
      interval: null,
      level: null,
      runs: runs.length,
      threshold: "≤ 100",
      verdict: energy / runs.length <= 100 ? "supported" : "contradicted",
    };
    yield {
      id: "toy/diverges",
      statement: "It diverges.",
      source: "Nowhere, §2",
      statistic: "largest weight",
      value: null,
      status: "not finite",
      interval: [-1, 1],
      level: 0.95,
      runs: 5,
      threshold: "= ∞",
      verdict: "undecided",
      note: "Measured at reduced size.",
    };
  },
  async *figures(_, runs, document) {
    const curve = await runs[0]!.metric("loss");
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 300 100");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
    const most = Math.max(...curve.map(([, loss]) => loss));
    line.setAttribute(
      "points",
      curve.map(([n, loss]) => `${n * 10},${100 - (90 * loss) / most}`).join(" "),
    );
    line.setAttribute("fill", "none");
    line.setAttribute("stroke", "currentColor");
    svg.append(line);
    yield {
      id: "loss",
      title: "Loss",
      caption: "The loss falls in the first steps of seed 0.",
      svg: svg.outerHTML,
      data: { n: curve.map(([n]) => n), loss: curve.map(([, loss]) => loss) },
    };
  },
};

/** The toy study with verbs and claims, for tests of the command line. */
export const toy: Study = {
  ...(toyStudy as Study),
  commands: [average, wait] as Command[],
  reproduction,
};

export const toyStudies: StudyRegistry = {
  toy: { title: toy.title, load: () => Promise.resolve(toy) },
};
