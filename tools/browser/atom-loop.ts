/** A closed loop on the simulator, which runs both in a page and in Node. */
import {
  gateSettingsSchema,
  guardInstrument,
  jumpingClock,
  limitsSchema,
  mapByName,
  simulatedInstrument,
  verifyLog,
  walkSession,
  type LogLine,
} from "@quadrivium/atom-control";
import { key, type Json } from "@quadrivium/core";

/** Walks silicon to its goal and gives the session's log, line by line. */
export async function walkSilicon(seed: number): Promise<readonly string[]> {
  const clock = jumpingClock();
  const limits = limitsSchema.parse({});
  const instrument = simulatedInstrument({ map: mapByName("prior"), key: key(seed), clock });
  const lines: string[] = [];
  const session = walkSession({
    name: "page",
    adapter: guardInstrument(instrument, { limits, clock }),
    limits,
    gates: gateSettingsSchema.parse({}),
    settings: {
      fovAngstrom: 20,
      px: 128,
      pixelTimeUs: 60,
      goal: { xPx: 90, yPx: 64 },
      maxSteps: 40,
    },
    pilot: {
      kind: "planner",
      rates: { source: "map", name: "prior" },
      beam: { currentNanoA: 0.1, voltageKv: 60 },
      imageTimeS: 1.1,
      watch: true,
      mostDwellTimeS: 15,
    },
    clock,
    wallTime: () => "2026-01-01T00:00:00.000Z",
    newToken: () => "token",
    appendLine: (line) => lines.push(line),
    keepFrame: async () => {},
  });
  await session.connect();
  await session.supervisor.arm("page", 30, "page");
  await session.close(await session.walk());
  return lines;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** What of a decision can be told in more than one way. */
interface Decided {
  readonly silicon: { readonly xPx: number; readonly yPx: number } | null;
  readonly lattice: { readonly origin: Point; readonly cellI: Point; readonly cellJ: Point } | null;
}

/**
 * A decision whose lattice begins at the A site nearest to silicon: any A site may be its origin, and
 * which one it is may hang on a last digit.
 */
function named(data: Json): Json {
  const { silicon, lattice } = data as unknown as Decided;
  if (silicon === null || lattice === null) return data;
  const { origin, cellI, cellJ } = lattice;
  const at = { x: silicon.xPx - origin.x, y: silicon.yPx - origin.y };
  const cross = (a: Point, b: Point): number => a.x * b.y - a.y * b.x;
  const area = cross(cellI, cellJ);
  const i = Math.round(cross(at, cellJ) / area);
  const j = Math.round(cross(cellI, at) / area);
  const x = origin.x + i * cellI.x + j * cellJ.x;
  const y = origin.y + i * cellI.y + j * cellJ.y;
  return { ...(data as object), lattice: { cellI, cellJ, origin: { x, y } } } as unknown as Json;
}

/** The entries of a whole log, without the chain: its hashes differ where a last digit does. */
export function loopEntries(lines: readonly string[]): Json[] {
  const verdict = verifyLog(new TextEncoder().encode(lines.map((line) => `${line}\n`).join("")));
  if (!verdict.ok) throw new Error(`line ${verdict.line}: ${verdict.reason}`);
  return verdict.lines.map(({ type, actor, monotonicMs, data }: LogLine) => {
    return { type, actor, monotonicMs, data: type === "decision" ? named(data) : data };
  });
}
