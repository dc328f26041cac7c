import type { Instrument } from "./adapter.js";
import type { LoopClock } from "./clock.js";
import type { Limits } from "./limits.js";
import {
  type Acquired,
  type AcquireCommand,
  type ParkCommand,
  protocolVersion,
} from "./protocol.js";

/** How an instrument may fail at one command. */
export type InstrumentFault = "none" | "throws" | "hangs" | "wrong frame";

/** What the beam truly did, by an account of its own that shares nothing with the ledger's. */
export interface Witness {
  readonly instrument: Instrument;
  /** Set before a command: how the instrument behaves at it. */
  next: { fault: InstrumentFault; voltageKv: number; currentNanoA: number };
  readonly isOpen: () => boolean;
  /** All that the beam truly gave. */
  readonly chargePicoC: () => number;
  /** Every limit that the beam's true history exceeds. */
  readonly violations: (limits: Limits) => string[];
}

interface Exposure {
  readonly kind: "frame" | "park" | "idle";
  readonly fov: number;
  readonly x: number;
  readonly y: number;
  readonly seconds: number;
  readonly nanoA: number;
  readonly kv: number;
  /** Of the field's width and height, for parks. */
  readonly fraction: { readonly x: number; readonly y: number };
  /** To the nearest place to keep away from. @unit angstrom */
  readonly defectDistance: number;
}

function charge({ nanoA, seconds }: Exposure): number {
  return nanoA * seconds * 1000;
}

const electronCharge = 1.602176634e-19;

/** An instrument that keeps the true account of its beam. */
export function witnessInstrument(clock: LoopClock): Witness {
  const exposures: Exposure[] = [];
  let moved = { x: 0, y: 0 };
  let widest = 0;
  let drift = { x: 0, y: 0 };
  const fieldStarts: number[] = [0];
  let open: { atMs: number; nanoA: number; kv: number } | undefined;
  const nowhere = { x: 0, y: 0, fraction: { x: 0.5, y: 0.5 }, defectDistance: Infinity };
  let now: Omit<Exposure, "seconds" | "nanoA" | "kv"> = { kind: "idle", fov: 10, ...nowhere };
  let finish = (): void => {};
  let frames = 0;
  let lastFov = 10;
  const sizes = new Map<string, { px: number; fov: number }>();

  const witness: Witness = {
    next: { fault: "none", voltageKv: 60, currentNanoA: 0.1 },
    isOpen: () => open !== undefined,
    instrument: {
      describe: () => ({
        protocolVersion,
        id: "witness",
        isSimulated: true,
        origin: "top-left",
        hasTrace: false,
        patienceMs: 0,
      }),
      status: () => ({
        voltageKv: witness.next.voltageKv,
        currentNanoA: witness.next.currentNanoA,
        isBlanked: open === undefined,
        isReady: true,
      }),
      unblank: () => {
        const { currentNanoA, voltageKv } = witness.next;
        open ??= { atMs: clock.nowMs(), nanoA: currentNanoA, kv: voltageKv };
      },
      blank: () => {
        if (open === undefined) return;
        const seconds = (clock.nowMs() - open.atMs) / 1000;
        exposures.push({ ...now, seconds, nanoA: open.nanoA, kv: open.kv });
        open = undefined;
        now = { ...now, kind: "idle" };
      },
      scan: async (command: AcquireCommand) => {
        lastFov = command.fovAngstrom;
        widest = Math.max(widest, lastFov);
        now = { kind: "frame", fov: lastFov, ...nowhere };
        const ms = (command.px ** 2 * command.pixelTimeUs) / 1000;
        const isWhole = await wait(ms);
        if (!isWhole) return null;
        const frameId = `frame-${frames++}`;
        sizes.set(frameId, { px: command.px, fov: command.fovAngstrom });
        const wrong = witness.next.fault === "wrong frame";
        const acquired: Acquired = {
          frameId,
          px: wrong ? command.px * 2 : command.px,
          fovAngstrom: command.fovAngstrom,
          countsBase64: "",
          startMs: clock.nowMs() - ms,
          endMs: clock.nowMs(),
        };
        return acquired;
      },
      place: (command: ParkCommand) => {
        const { px, fov } = sizes.get(command.frameId) ?? { px: 1, fov: lastFov };
        const at = (pixel: number): number => ((pixel + 0.5) / px - 0.5) * fov;
        const distances = command.avoid.map((other) =>
          Math.hypot(at(other.xPx) - at(command.xPx), at(other.yPx) - at(command.yPx)),
        );
        now = {
          kind: "park",
          fov,
          x: at(command.xPx) + drift.x,
          y: at(command.yPx) + drift.y,
          fraction: { x: (command.xPx + 0.5) / px, y: (command.yPx + 0.5) / px },
          defectDistance: Math.min(...distances),
        };
      },
      watch: async (command: ParkCommand) => {
        await wait(command.dwellTimeS * 1000);
        return { arrived: false, trace: [], sampleMs: 1 };
      },
      breakOff: () => finish(),
      shift: async ({ dxAngstrom, dyAngstrom }) => {
        drift = { x: drift.x + dxAngstrom, y: drift.y + dyAngstrom };
        moved = { x: moved.x + dxAngstrom, y: moved.y + dyAngstrom };
        if (Math.max(Math.abs(moved.x), Math.abs(moved.y)) < widest) return;
        fieldStarts.push(exposures.length);
        moved = { x: 0, y: 0 };
        widest = 0;
      },
    },
    chargePicoC: () => exposures.reduce((sum, e) => sum + charge(e), 0),
    violations: (limits) => {
      const found: string[] = [];
      const check = (name: string, value: number, most: number): void => {
        if (value > most * (1 + 1e-9)) found.push(`${name}: ${value} > ${most}`);
      };
      check("frames", exposures.filter((e) => e.kind === "frame").length, limits.maxFrames);
      check("session", witness.chargePicoC(), limits.maxSessionChargePicoC);
      fieldStarts.forEach((start, i) => {
        const own = exposures.slice(start, fieldStarts[i + 1]);
        const dose = own.reduce(
          (sum, e) => sum + (charge(e) * 1e-12) / electronCharge / e.fov ** 2,
          0,
        );
        check("field dose", dose, limits.maxFieldDose);
      });
      const parks = exposures.filter((e) => e.kind === "park");
      for (const e of exposures) {
        check("voltage", e.kv, limits.maxVoltageKv);
        check("current", e.nanoA, limits.maxCurrentNanoA);
        check("time", e.seconds, e.kind === "park" ? limits.maxDwellTimeS : limits.maxFrameTimeS);
        if (e.kind === "idle" && e.seconds > 0) found.push("the beam stood open between commands");
      }
      for (const e of parks) {
        const { x, y } = e.fraction;
        check("edge", limits.edgeMarginFraction, Math.min(x, y, 1 - x, 1 - y));
        check("defect distance", limits.minDefectDistanceAngstrom, e.defectDistance);
        // The one keep-out area of the tests is the corner x + y ≤ its first width.
        const corner = limits.keepOut[0]?.[1]?.x ?? 0;
        if (x + y < corner) found.push(`keep-out: ${x}, ${y}`);
        const site = parks.reduce((sum, o) => {
          const squared = (o.x - e.x) ** 2 + (o.y - e.y) ** 2;
          return sum + (squared <= 1.8 ** 2 ? charge(o) * Math.exp(-squared / (2 * 0.45 ** 2)) : 0);
        }, 0);
        check("site", site, limits.maxChargePerSitePicoC);
      }
      return found;
    },
  };

  /** Waits as long as the instrument works; false where it was broken off. */
  const wait = async (ms: number): Promise<boolean> => {
    const { fault } = witness.next;
    if (fault === "throws") throw new Error("hardware fault");
    return new Promise((resolve) => {
      if (fault === "hangs") {
        finish = (): void => {};
        return;
      }
      const cancel = clock.after(ms, () => resolve(true));
      finish = (): void => {
        cancel();
        resolve(false);
      };
    });
  };
  return witness;
}
