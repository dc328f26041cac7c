import type { CommandContext } from "@quadrivium/config";
import { describe, expect, test } from "vitest";
import { paramsCommand } from "./params.js";
import { parseScores } from "./scores-csv.js";
import { statsCommand } from "./stats.js";
import { traceCommand } from "./trace.js";

const context = (files: { readonly [path: string]: string } = {}): CommandContext =>
  ({ readFile: async (path: string) => new TextEncoder().encode(files[path]) }) as CommandContext;

const params = (given: object) => paramsCommand.run(paramsCommand.input.parse(given), context());

describe("params", () => {
  // Counted by hand from the layers: every convolution k·k·in·out + out, the dense layer in·D + D.
  test.each([
    [{ encoder: "impala", width: 1 }, 97_744, 1_982_976, 16_896, [11, 11, 32]],
    [{ encoder: "impala", width: 4 }, 1_552_192, 31_721_472, 264_192, [11, 11, 128]],
    [{ encoder: "impala", width: 4, scaleMode: "dense" }, 97_744, 7_931_904, 67_584, [11, 11, 32]],
    [{ encoder: "nature", width: 1 }, 77_984, 3_965_440, 33_280, [11, 11, 64]],
    [{ encoder: "nature", padding: "VALID" }, 77_984, 1_606_144, 33_280, [7, 7, 64]],
  ])("%o has the parameters of its layers", async (given, encoder, flat, pooled, map) => {
    const flatten = await params({ ...given, bottleneck: "flatten" });
    const gap = await params({ ...given, bottleneck: "gap" });
    expect(flatten).toMatchObject({ encoderParams: encoder, bottleneckParams: flat, map });
    expect(gap).toMatchObject({ encoderParams: encoder, bottleneckParams: pooled, map });
  });

  // Published orders of size: Impala has nearly all parameters, but few operations, in its bottleneck.
  test.each([
    [1, 53.2, 110, 106],
    [2, 204.8, 426, 410],
    [4, 802.9, 1669, 1606],
    [8, 3179, 6612, 6361],
  ])("impala at width %i has the operations of its layers", async (width, macs, flat, pooled) => {
    const flatten = await params({ width, bottleneck: "flatten" });
    const gap = await params({ width, bottleneck: "gap" });
    expect(flatten.encoderMacs / 1e6 / macs).toBeCloseTo(1, 2);
    expect(flatten.forwardFlops / 1e6 / flat).toBeCloseTo(1, 2);
    expect(gap.forwardFlops / 1e6 / pooled).toBeCloseTo(1, 2);
    expect(flatten.bottleneckShare).toBeGreaterThan(0.95);
    expect(gap.bottleneckShare).toBeLessThan(0.15);
  });

  test("noise doubles the bottleneck's parameters", async () => {
    expect((await params({ noisy: true })).bottleneckParams).toBe(2 * 1_982_976);
  });

  test.each(["84x84", "0x84x4", "84x84x4x1", "large"])("refuses the input %s", async (input) => {
    await expect(params({ input })).rejects.toMatchObject({ code: "E_INPUT_SHAPE" });
  });

  test("refuses an input that convolutions shrink to nothing", async () => {
    await expect(params({ encoder: "nature", padding: "VALID", input: "20x20x3" })).rejects.toThrow(
      /20x20.*nothing after conv3.*SAME/s,
    );
  });
});

describe("trace", () => {
  const trace = (given: object) => traceCommand.run(traceCommand.input.parse(given), context());

  test("digests what a policy saw", async () => {
    // Reference digest of the published Python environment.
    expect(await trace({ game: "breakout", steps: 10_000 })).toEqual({
      sha256: "c8ca64a5124efa013245987ef0fa7af145883866be233857c8a1b5605b7b345b",
      rewardSum: 464,
      episodes: 875,
    });
  });

  test("names the games when asked for another", async () => {
    await expect(trace({ game: "pong" })).rejects.toThrow(/asterix, breakout.*got "pong"/);
  });
});

describe("stats", () => {
  const x = "a,b,c,d\n.1,1.2,.8,2\n.3,.9,.5,1.1\n.2,1.5,.7,4\n";
  const y = "a,b,c,d\n.1,1,.9,1\n.4,.9,.6,1.2\n";
  const z = "a,b\n0,1\n.5,2\n1,4";
  const stats = (given: object) =>
    statsCommand.run(statsCommand.input.parse(given), context({ x, y, z, w: "a,c\n1,2" }));

  test("agrees with the published library's aggregates", async () => {
    const said = await stats({ scores: "x", against: "y", resamples: 200 });
    expect(said.mean.value).toBeCloseTo(1.1083333, 6);
    expect(said.median.value).toBeCloseTo(0.9333333, 6);
    expect(said.iqm.value).toBeCloseTo(0.8666667, 6);
    expect(said.optimalityGap.value).toBeCloseTo(0.2916667, 6);
    expect(said.probabilityOfImprovement).toBeCloseTo(0.5833333, 6);
    expect(said.profile.shares[10]).toBeCloseTo(0.416667, 6);
  });

  test("gives the intervals of all 729 resamples of a small table", async () => {
    const said = await stats({ scores: "z" });
    // Enumerated: 0.75 to 2.1667 for the mean, 0.625 to 2.25 for the IQM.
    expect(said.mean.interval[0]).toBeCloseTo(0.75, 1);
    expect(said.mean.interval[1]).toBeCloseTo(2.1666667, 1);
    expect(said.iqm.interval[0]).toBeCloseTo(0.625, 1);
    expect(said.iqm.interval[1]).toBeCloseTo(2.25, 1);
    expect(said.note).toMatch(/3 runs are too narrow/);
  });

  test("normalizes Atari scores by random and human play", async () => {
    const said = await statsCommand.run(
      statsCommand.input.parse({ scores: "h", normalize: "human", resamples: 100 }),
      context({ h: "Qbert,Pong\n5000,14.6\n5000,-20.7" }),
    );
    // 0.36386 on Qbert twice; 1 and 0 on Pong.
    expect(said.mean.value).toBeCloseTo((2 * 0.36386 + 1) / 4, 5);
  });

  test("refuses files of different tasks", async () => {
    await expect(stats({ scores: "z", against: "w" })).rejects.toMatchObject({ code: "E_SCORES" });
  });
});

describe("parseScores", () => {
  test.each([
    ["a,b", /needs a header and at least one run; got 1 lines/],
    ["a,b\n1,2\n3", /line 3 must have a score for each of 2 tasks; got 1/],
    ["a,b\n1,", /line 2 must hold finite numbers; got ""/],
    ["a\nfast", /got "fast"/],
  ])("refuses %j with its line", (text, message) => {
    expect(() => parseScores(text, "file.csv")).toThrow(message);
  });
});
