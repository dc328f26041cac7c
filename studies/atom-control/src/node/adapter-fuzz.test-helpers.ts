import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect } from "vitest";
import { exceeded, superviseSession, type Tally } from "../loop/fuzz-session.test-helpers.js";
import { guardInstrument } from "../loop/guard.js";
import type { Limits } from "../loop/limits.js";
import { session, type Step, tightLimits } from "../loop/loop-fuzz.test-helpers.js";
import { VirtualClock } from "../loop/virtual-clock.test-helpers.js";
import { witnessInstrument } from "../loop/witness.test-helpers.js";
import { hostAdapter } from "./adapter-host.js";
import { faultyProxy, reconnecting } from "./faulty-proxy.test-helpers.js";
import { fileDropInstrument } from "./file-drop.js";
import { person, saveFrame, writtenSteps, type WrittenStep } from "./person.test-helpers.js";

/** Which random sessions. */
export interface FuzzOptions {
  readonly seed: number;
  readonly numSessions: number;
}

async function sessions(
  { seed, numSessions }: FuzzOptions,
  run: (steps: readonly Step[], tally: Tally) => Promise<void>,
): Promise<Tally> {
  const tally: Tally = { commands: 0, frames: 0, parks: 0 };
  const property = fc.asyncProperty(session, (steps) => run(steps, tally));
  await fc.assert(property, { seed, numRuns: numSessions, endOnFailure: true });
  return tally;
}

/** Random sessions with an adapter over TCP, on a link that fails and lies. */
export function fuzzTcp(options: FuzzOptions): Promise<Tally> {
  return sessions(options, async (steps, tally) => {
    let settle = async (): Promise<void> => {};
    let fault = steps[0].link;
    const clock = new VirtualClock(() => settle());
    const witness = witnessInstrument(clock);
    const guard = guardInstrument(witness.instrument, { limits: tightLimits, clock });
    const served = await hostAdapter(guard, { host: "127.0.0.1", port: 0 });
    const proxy = await faultyProxy({ to: served.port, clock, fault: () => fault });
    settle = proxy.settle;
    const remote = reconnecting(proxy.port);
    const adapter = (current: () => Step): typeof remote => {
      // messages ask for the fault when they pass: it is that of the step at hand
      const follow = <T extends unknown[], R>(run: (...given: T) => R) => {
        return (...given: T): R => {
          fault = current().link;
          return run(...given);
        };
      };
      return {
        ...remote,
        status: follow(remote.status),
        acquire: follow(remote.acquire),
        park: follow(remote.park),
        arm: follow(remote.arm),
        heartbeat: follow(remote.heartbeat),
      };
    };
    const wrong = await superviseSession(steps, { clock, witness, adapter, tally });
    await remote.close();
    await proxy.close();
    await served.close();
    expect(wrong).toEqual([]);
    expect(exceeded(tightLimits, guard.totals())).toEqual([]);
    expect(witness.violations(tightLimits)).toEqual([]);
    expect(witness.isOpen()).toBe(false);
  });
}

const beam = { currentNanoA: 0.1, voltageKv: 60 };

/** Random sessions with a person who works through a folder, well or badly. */
export function fuzzFileDrop(options: FuzzOptions): Promise<Tally> {
  return sessions(options, async (steps, tally) => {
    const folder = mkdtempSync(join(tmpdir(), "quadrivium-drop-"));
    let now = steps[0];
    const clock = new VirtualClock();
    const guard = guardInstrument(fileDropInstrument({ folder, clock, beam }), {
      limits: tightLimits,
      clock,
    });
    const leave = person({ folder, clock }, (step) =>
      answer(step, { folder, clock, how: now.link }),
    );
    const witness = {
      next: { fault: "none", ...beam } as const,
      chargePicoC: () => 0, // what was written is judged below, whether it was done or not
    };
    const adapter = (current: () => Step): typeof guard => ({
      ...guard,
      status: () => {
        now = current();
        return guard.status();
      },
    });
    const wrong = await superviseSession(steps, { clock, witness, adapter, tally });
    leave();
    const written = writtenSteps(folder);
    rmSync(folder, { recursive: true });
    expect(wrong).toEqual([]);
    expect(exceeded(tightLimits, guard.totals())).toEqual([]);
    expect(violations(written, tightLimits)).toEqual([]);
    expect(written.length).toBeLessThanOrEqual(guard.totals().frames);
  });
}

/** What a person does with a step. */
function answer(
  { step, acquire }: WrittenStep,
  { folder, clock, how }: { folder: string; clock: VirtualClock; how: Step["link"] },
): void {
  const save = (name: string, px = acquire.px): void =>
    saveFrame(folder, `${name}-${step}.npy`, new Float32Array(px * px));
  switch (how) {
    case "request lost":
    case "answer lost":
      return;
    case "late":
      clock.after(9000, () => save("late"));
      return;
    case "twice":
      save("one");
      save("other");
      return;
    case "lies":
      save("small", 8);
      return;
    case "cut":
      writeFileSync(join(folder, `damaged-${step}.npy`), "no frame");
      return;
    default:
      save("frame");
  }
}

/** Every limit that somebody would exceed who carried out all steps that were ever written. */
function violations(steps: readonly WrittenStep[], limits: Limits): string[] {
  const found: string[] = [];
  const check = (name: string, value: number, most: number): void => {
    if (!(value <= most * (1 + 1e-9))) found.push(`${name}: ${value} > ${most}`);
  };
  const electronsPerPicoC = 1e-12 / 1.602176634e-19;
  let [charge, dose] = [0, 0];
  const stays: { x: number; y: number; picoC: number }[] = [];
  for (const [n, { park, acquire }] of steps.entries()) {
    const frameS = acquire.px ** 2 * acquire.pixelTimeUs * 1e-6;
    check("frame time", frameS, limits.maxFrameTimeS);
    check("field of view", limits.minFovAngstrom, acquire.fovAngstrom);
    const picoC = beam.currentNanoA * 1000 * (frameS + (park?.dwellTimeS ?? 0));
    // the stay was in the frame before, which is at most as wide as the widest
    const side = Math.max(acquire.fovAngstrom, steps[n - 1]?.acquire.fovAngstrom ?? 0);
    charge += picoC;
    dose += (picoC * electronsPerPicoC) / side ** 2;
    if (park === null) continue;
    const { xFraction: x, yFraction: y, dwellTimeS } = park;
    check("dwell", dwellTimeS, limits.maxDwellTimeS);
    check("edge", limits.edgeMarginFraction, Math.min(x, y, 1 - x, 1 - y));
    if (x + y < limits.keepOut[0][1].x) found.push(`keep-out: ${x}, ${y}`);
    const fov = steps[n - 1]?.acquire.fovAngstrom ?? acquire.fovAngstrom;
    const place = { x: (x - 0.5) * fov, y: (y - 0.5) * fov };
    stays.push({ ...place, picoC: beam.currentNanoA * 1000 * dwellTimeS });
  }
  check("frames", steps.length, limits.maxFrames);
  check("session", charge, limits.maxSessionChargePicoC);
  check("field dose", dose, limits.maxFieldDose);
  for (const at of stays) {
    const site = stays.reduce((sum, { x, y, picoC }) => {
      const squared = (x - at.x) ** 2 + (y - at.y) ** 2;
      return sum + (squared <= 1.8 ** 2 ? picoC * Math.exp(-squared / (2 * 0.45 ** 2)) : 0);
    }, 0);
    check("site", site, limits.maxChargePerSitePicoC);
  }
  return found;
}
