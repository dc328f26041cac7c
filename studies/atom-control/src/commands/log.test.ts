import { beforeAll, describe, expect, test } from "vitest";
import { readTransitions } from "../data/read-transitions.js";
import type { StepDecision } from "../loop/decide.js";
import type { LogLine } from "../loop/chain-log.js";
import { parkSchema, type Parked } from "../loop/protocol.js";
import { plannerPilot, still, walked, type Walked } from "../loop/walked.test-helpers.js";
import { bondLengthAngstrom, sitePosition } from "../model/honeycomb.js";
import { memoryContext } from "./command-context.test-helpers.js";
import { logCommand } from "./log.js";

/** A walk's log and frames as files of a host. */
async function kept(walk: Walked, log = walk.log) {
  const context = memoryContext();
  context.files.set("walk/log.jsonl", log);
  for (const { type, data } of walk.lines) {
    if (!["frame", "self-test"].includes(type)) continue;
    const { hash } = data as { hash: string };
    context.files.set(`walk/frames/${hash}.f32`, await walk.files.frame(hash));
  }
  const run = (action: string, more: object = {}) =>
    logCommand.run(logCommand.input.parse({ action, file: "walk/log.jsonl", ...more }), context);
  return { context, run };
}

const goals = { px: 128, fovAngstrom: 20, pixelTimeUs: 60, goal: { xPx: 90, yPx: 64 } };
let walk: Walked;

beforeAll(async () => {
  walk = await walked({ microscope: still, settings: { ...goals, maxSteps: 6 } });
}, 90_000);

describe("log verify", () => {
  const lines = (): string[] => new TextDecoder().decode(walk.log).trimEnd().split("\n");
  const bytes = (changed: readonly string[]): Uint8Array =>
    new TextEncoder().encode(changed.map((line) => `${line}\n`).join(""));

  test("tells lines and head of a whole log, and replay its decisions", async () => {
    const { run } = await kept(walk);
    const { head, ...found } = await run("verify");
    expect(found).toMatchObject({ lines: walk.lines.length, decisions: null });
    expect(head).toBe(walk.lines.at(-1)!.hash);
    const replay = await run("replay");
    expect(replay).toMatchObject({ differences: [] });
    expect(replay.decisions).toBe(walk.lines.filter(({ type }) => type === "decision").length);
    expect(logCommand.render!(replay)).toMatch(/decisions came out again bit for bit$/);
  });

  test.each<[string, () => Uint8Array, string]>([
    [
      "a byte flipped",
      () => {
        const changed = walk.log.slice();
        const at = lines().slice(0, 6).join("\n").length + 1;
        changed[at + 40] ^= 1;
        return changed;
      },
      "line 7 of walk/log.jsonl does not hold: it ",
    ],
    [
      "a value changed",
      () => bytes(lines().with(2, lines()[2].replace(/"monotonicMs":[^,]*/, '"monotonicMs":1'))),
      "line 3 of walk/log.jsonl does not hold: it does not match its hash",
    ],
    [
      "its last line cut short",
      () => walk.log.slice(0, -20),
      `does not hold: it has no end; the file was cut short`,
    ],
    [
      "its last entry gone",
      () => bytes(lines().slice(0, -1)),
      'does not hold: it is missing: the log must end with an entry "close"',
    ],
    [
      "an entry removed",
      () => bytes(lines().toSpliced(4, 1)),
      "line 5 of walk/log.jsonl does not hold: it must have number 4; got 5",
    ],
    [
      "two entries in the wrong order",
      () => bytes(lines().with(4, lines()[5]).with(5, lines()[4])),
      "line 5 of walk/log.jsonl does not hold: it must have number 4; got 5",
    ],
    [
      "an entry twice",
      () => bytes(lines().toSpliced(4, 0, lines()[4])),
      "line 6 of walk/log.jsonl does not hold: it must have number 5; got 4",
    ],
  ])("names the entry of a log with %s", async (_, damage, sentence) => {
    const { run } = await kept(walk, damage());
    for (const action of ["verify", "replay", "export"]) {
      await expect(run(action)).rejects.toMatchObject({
        code: "E_LOG",
        message: expect.stringContaining(sentence) as string,
      });
    }
  });

  test("replay names a frame that is gone or another", async () => {
    const { run, context } = await kept(walk);
    const at = walk.lines.findIndex(({ type }) => type === "frame");
    const { hash } = walk.lines[at].data as { hash: string };
    context.files.set(`walk/frames/${hash}.f32`, new Uint8Array(128 * 128 * 4));
    await expect(run("replay")).rejects.toThrow(
      `the frame of line ${at + 1} is not the one that was logged`,
    );
  });
});

describe("log export", () => {
  const data = ({ lines }: Walked, type: string): unknown[] =>
    lines.filter((line) => line.type === type).map((line: LogLine) => line.data);

  test("writes what learn takes: beam, dwell and outcome as the log's pixels say", async () => {
    const { run, context } = await kept(walk);
    const { exported } = await run("export");
    const samples = readTransitions(context.files.get("data.jsonl")!, "data.jsonl");
    const decisions = data(walk, "decision") as StepDecision[];
    const parks = decisions.slice(0, samples.length);
    // the steps ended on a stay, which has no frame after it
    const numParks = walk.outcome.parks;
    expect(exported).toMatchObject({ samples: numParks - 1, otherKind: 0, lost: 1 });
    const pixel = 20 / 128;
    let numHops = 0;
    for (const [n, sample] of samples.entries()) {
      const { silicon, action } = parks[n];
      if (action.type !== "park") throw new Error("expected a park");
      const command = parkSchema.parse(action.command);
      // the scale is the lattice's: within 3 % of the stated one
      const beamX = (command.xPx - silicon!.xPx) * pixel;
      const beamY = -(command.yPx - silicon!.yPx) * pixel;
      expect(Math.hypot(sample.beamXAngstrom - beamX, sample.beamYAngstrom - beamY)).toBeLessThan(
        0.1,
      );
      expect(sample.dwellTimeS).toBeCloseTo(command.dwellTimeS, 9);
      // on a sheet at rest silicon's place in the next frame is that of its site
      const next = decisions[n + 1].silicon!;
      const lattice = { origin: { x: 0, y: 0 }, angle: sample.latticeAngle, bondLengthAngstrom };
      const own = sitePosition(lattice, { i: 0, j: 0, sublattice: sample.sublattice });
      const [likely] = sample.after.toSorted((a, b) => b.probability - a.probability);
      const site = sitePosition(lattice, likely);
      if (likely.sublattice !== sample.sublattice) numHops++;
      const moved = { x: (next.xPx - silicon!.xPx) * pixel, y: -(next.yPx - silicon!.yPx) * pixel };
      expect(Math.hypot(site.x - own.x - moved.x, site.y - own.y - moved.y)).toBeLessThan(0.4);
    }
    expect(numHops).toBeGreaterThan(0);
  });

  test("keeps stays that the detector could end apart, with the time that they were allowed", async () => {
    const watched = await walked({
      microscope: still,
      settings: { ...goals, maxSteps: 3 },
      pilot: { ...plannerPilot, watch: true },
    });
    const { run, context } = await kept(watched);
    const numParks = watched.outcome.parks;
    await expect(run("export")).rejects.toThrow(
      `log export: walk/log.jsonl must have timed stays between two frames that tell their outcome; ` +
        `got none, ${numParks} of the other kind and 0 lost`,
    );
    const { exported } = await run("export", { stays: "watched", out: "w.jsonl" });
    expect(exported).toMatchObject({ otherKind: 0 });
    const samples = readTransitions(context.files.get("w.jsonl")!, "w.jsonl");
    expect(samples.length + exported!.lost).toBe(numParks);
    const decisions = data(watched, "decision") as StepDecision[];
    const arrivals = (data(watched, "parked") as Parked[]).slice(-numParks);
    expect(arrivals.some(({ reason }) => reason === "arrival")).toBe(true);
    for (const [n, { dwellTimeS }] of samples.entries()) {
      const { action } = decisions[n];
      expect(action).toMatchObject({ command: { dwellTimeS } });
    }
  });
});
