import { describe, expect, test } from "vitest";
import { completeConfig, parseSettings } from "./complete.js";
import { toy } from "./config.test-helpers.js";

describe("completeConfig", () => {
  test("fills defaults, then the preset, then the settings given", () => {
    const config = completeConfig(toy, { preset: "quick", set: { "model.kind": "transformer" } });
    expect(config).toEqual({
      modulus: 7,
      learningRate: 1e-3,
      model: { kind: "transformer", widths: [8, 8] },
      schedule: { kind: "constant" },
      clip: null,
      usesBias: true,
      note: "",
      steps: "auto",
    });
  });

  test("does not let one configuration leak into the next through shared defaults", () => {
    completeConfig(toy, { preset: "paper", set: { "model.kind": "transformer" } });
    expect(completeConfig(toy, { preset: "paper" }).model.kind).toBe("mlp");
  });

  test("switches the variant of a record", () => {
    const set = { "schedule.kind": "cosine", "schedule.warmup": 3 };
    expect(completeConfig(toy, { preset: "paper", set }).schedule).toEqual({
      kind: "cosine",
      warmup: 3,
    });
  });

  test.each([
    [{ modulus: 1 }, "toy: modulus must be a whole number from 2 to 1000; got 1"],
    [{ learningRate: 1 }, "toy: learningRate must be a number above 0 and below 1; got 1"],
    [{ "model.kind": "cnn" }, "toy: model.kind must be one of mlp, transformer; got cnn"],
    [
      { "model.widths": [4, 0] },
      "toy: model.widths (at model.widths.1) must be a comma-separated list, each item a whole number above 0; got 0",
    ],
    [{ clip: -1 }, "toy: clip must be a number above 0, or null; got -1"],
    [{ steps: "soon" }, "toy: steps must be auto, or a whole number of at least 1; got soon"],
  ])("names the value refused and what is valid for %j", (set, message) => {
    expect(() => completeConfig(toy, { preset: "paper", set })).toThrow(
      expect.objectContaining({ code: "E_VALUE", message }),
    );
  });

  test("suggests the preset that was meant", () => {
    expect(() => completeConfig(toy, { preset: "qiuck" })).toThrow(
      expect.objectContaining({
        code: "E_PRESET",
        message: "toy: has no preset qiuck; did you mean quick?",
        details: { preset: "qiuck", known: ["quick", "paper"] },
      }),
    );
  });

  test("takes no preset from the object's prototype", () => {
    expect(() => completeConfig(toy, { preset: "constructor" })).toThrow(/has no preset/);
  });
});

describe("parseSettings", () => {
  test("reads each text by the type of its setting", () => {
    const texts = [
      "modulus=13",
      "learningRate=5e-4",
      "model.widths=16,32",
      "schedule.kind=cosine",
      "clip=null",
      "usesBias=false",
      "note=a=b",
      "steps=12",
      'model={"kind":"mlp"}',
    ];
    expect(parseSettings(toy, texts)).toEqual({
      modulus: 13,
      learningRate: 5e-4,
      "model.widths": [16, 32],
      "schedule.kind": "cosine",
      clip: null,
      usesBias: false,
      note: "a=b",
      steps: 12,
      model: { kind: "mlp" },
    });
  });

  test.each([
    ["modulos=3", "E_SETTING", "toy: has no setting modulos; did you mean modulus?"],
    ["lr=1", "E_SETTING", "toy: has no setting lr; did you mean learningRate?"],
    ["modulus", "E_SETTING", '--set: takes key=value; got "modulus"; for example --set modulus=59'],
    ["modulus=many", "E_VALUE", "toy: modulus must be a whole number from 2 to 1000; got many"],
    ["usesBias=1", "E_VALUE", "toy: usesBias must be true or false; got 1"],
    [
      "learningRate=0x10",
      "E_VALUE",
      "toy: learningRate must be a number above 0 and below 1; got 0x10",
    ],
    [
      "learningRate=Infinity",
      "E_VALUE",
      "toy: learningRate must be a number above 0 and below 1; got Infinity",
    ],
  ])("refuses %s", (text, code, message) => {
    expect(() => parseSettings(toy, [text])).toThrow(expect.objectContaining({ code, message }));
  });

  test("lists every setting where no name is near", () => {
    expect(() => parseSettings(toy, ["zzzzzz=1"])).toThrow(
      /known: modulus, learningRate, model\.kind/,
    );
  });
});
