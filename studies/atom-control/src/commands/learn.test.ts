import { describe, expect, test } from "vitest";
import { memoryContext } from "./command-context.test-helpers.js";
import { priorMap } from "../model/maps/fixed-maps.js";
import { paperBeam } from "../model/rate-map.js";
import { writeTransitions } from "../data/read-transitions.js";
import { loadRateModel } from "../learn/model-file.js";
import { drawTransitions } from "../learn/learn.test-helpers.js";
import { learnCommand } from "./learn.js";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const lines = writeTransitions(drawTransitions(priorMap, { count: 120, seed: 5 }));

/** Runs `learn` on a text of transitions. */
async function learn(data: string | Uint8Array, more: { readonly [flag: string]: unknown } = {}) {
  const context = memoryContext();
  context.files.set("data.jsonl", typeof data === "string" ? text(data) : data);
  context.files.set("truth.json", text('{"map":"prior"}'));
  const given = learnCommand.input.parse({
    data: "data.jsonl",
    steps: 40,
    members: 2,
    ...more,
  });
  const found = await learnCommand.run(given, context);
  return { found, model: loadRateModel(context.files.get("model")!) };
}

describe("learn", () => {
  test("reports the fit and, with the truth, its errors; the model file gives the same rates", async () => {
    const { found, model } = await learn(lines, { truth: "truth.json" });
    expect(learnCommand.output.parse(found)).toEqual(found);
    expect(found.excessNll).toBeLessThan(0.5);
    expect(found.coverage90).toBeGreaterThan(0);
    const { along, across } = model.info.bestOffset;
    expect(found.argmaxRatePerS).toBeCloseTo(model.rate(along, across, paperBeam), 10);
    expect(learnCommand.render?.(found)).toContain("against the truth");
  });

  test("fits without a look at the truth: the same model with and without it", async () => {
    const [one, two] = [await learn(lines), await learn(lines, { truth: "truth.json" })];
    expect(one.model.info).toEqual(two.model.info);
    expect("excessNll" in one.found).toBe(false);
  });

  test("fits the paper's network", async () => {
    const { model } = await learn(lines, { likelihood: "paper" });
    expect(model.rate(0.85, 0, paperBeam)).toBeGreaterThan(0);
    expect(model.info.reference.linearInCurrent).toBe(false);
  });

  test.each([
    ["", "a file of transitions must have at least one; got none in data.jsonl"],
    ["{\n", "every line must be one JSON object; line 1 of data.jsonl is not JSON"],
    [
      lines.replace(/"dwellTimeS":[^,]*/, '"dwellTimeS":-2'),
      'line 1 of data.jsonl: "dwellTimeS": Too small',
    ],
    [
      lines.replace(/("step":1,.*?"beamXAngstrom":)[^,]*/s, "$1null"),
      'line 2 of data.jsonl: "beamXAngstrom": Invalid input',
    ],
    [
      lines.replace(/"beamYAngstrom":[^,]*/, '"beamYAngstrom":NaN'),
      "line 1 of data.jsonl is not JSON",
    ],
    [`${lines}${lines}`, "got trajectory 0, step 0 in line 1 and again in line 121 of data.jsonl"],
  ])("refuses bad lines in one sentence that names the line (%#)", async (data, sentence) => {
    await expect(learn(data)).rejects.toThrow(sentence);
  });

  test("refuses a truth that names no map, and a model file that is none", async () => {
    const context = memoryContext();
    context.files.set("data.jsonl", text(lines));
    context.files.set("truth.json", text("{}"));
    const given = learnCommand.input.parse({ data: "data.jsonl", truth: "truth.json", steps: 20 });
    await expect(learnCommand.run(given, context)).rejects.toThrow(
      'readTruth: a truth file must name its rate map as "map"; truth.json does not',
    );
    expect(() => loadRateModel(text("not a model"))).toThrow(/safetensors|header/i);
  });
});
