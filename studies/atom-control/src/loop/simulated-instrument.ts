import { random, type Stream } from "@quadrivium/core";
import { hopsDuring } from "../model/kinetic-monte-carlo.js";
import {
  bondLengthAngstrom,
  nearestSite,
  sameSite,
  sitePosition,
  type Honeycomb,
  type Site,
} from "../model/honeycomb.js";
import { paperBeam, type RateMap } from "../model/rate-map.js";
import type { Vector } from "../model/vector.js";
import type { Instrument } from "./adapter.js";
import type { LoopClock } from "./clock.js";
import { encodeCounts } from "./frame-codec.js";
import { protocolVersion } from "./protocol.js";

/** A microscope that is not there. */
export interface SimulatedInstrumentOptions {
  readonly map: RateMap;
  readonly stream: Stream;
  readonly clock: LoopClock;
}

/** Counts a pixel at carbon's peak, of the background and of silicon over carbon's. */
const carbonPeak = 3;
const background = 0.4 * carbonPeak;
const siliconRatio = 5;
const probeSigma = 0.4;

/**
 * Silicon in graphene under a simulated beam: hops by kinetic Monte Carlo while it is parked, frames
 * with Poisson counts. Nothing drifts and nothing happens during frames.
 */
export function simulatedInstrument(options: SimulatedInstrumentOptions): Instrument {
  const { map, stream, clock } = options;
  const lattice: Honeycomb = {
    origin: { x: stream.uniform() - 0.5, y: stream.uniform() - 0.5 },
    angle: (stream.uniform() * Math.PI) / 3,
    bondLengthAngstrom,
  };
  let silicon = nearestSite(lattice, { x: 0, y: 0 });
  let centre: Vector = { x: 0, y: 0 };
  let isBlanked = true;
  let beam: Vector = { x: 0, y: 0 };
  let frames = 0;
  let finish = (): void => {};
  const shapes = new Map<string, { readonly px: number; readonly fovAngstrom: number }>();
  /** False where it was broken off before its last millisecond, the step of a real timer. */
  const wait = (ms: number): Promise<boolean> =>
    new Promise((resolve) => {
      const endMs = clock.nowMs() + ms;
      const cancel = clock.after(ms, () => resolve(true));
      finish = () => {
        cancel();
        resolve(clock.nowMs() >= endMs - 1);
      };
    });
  return {
    describe: () => ({
      protocolVersion,
      id: `simulator, rate map ${map.name}`,
      isSimulated: true,
      origin: "top-left",
    }),
    status: () => ({ ...paperBeam, isBlanked, isReady: true }),
    unblank: () => {
      isBlanked = false;
    },
    blank: () => {
      isBlanked = true;
    },
    breakOff: () => finish(),
    scan: async ({ px, fovAngstrom, pixelTimeUs }) => {
      const startMs = clock.nowMs();
      if (!(await wait((px * px * pixelTimeUs) / 1000))) return null;
      const frameId = `frame-${frames++}`;
      shapes.set(frameId, { px, fovAngstrom });
      const counts = drawCounts({ lattice, silicon, centre, px, fovAngstrom }, stream);
      const countsBase64 = encodeCounts(counts);
      return { frameId, px, fovAngstrom, countsBase64, startMs, endMs: clock.nowMs() };
    },
    place: ({ frameId, xPx, yPx }) => {
      const shape = shapes.get(frameId);
      if (shape === undefined) throw new Error(`no frame "${frameId}"`);
      const pixel = shape.fovAngstrom / shape.px;
      beam = {
        x: centre.x + (xPx + 0.5) * pixel - shape.fovAngstrom / 2,
        y: centre.y - ((yPx + 0.5) * pixel - shape.fovAngstrom / 2),
      };
    },
    watch: async ({ dwellTimeS, stopOnArrival }) => {
      const startMs = clock.nowMs();
      const hops = [
        ...hopsDuring(
          map,
          { lattice, silicon, beamPosition: beam, dwellTimeS, beam: paperBeam },
          stream,
        ),
      ];
      const under = nearestSite(lattice, beam);
      const arrival = stopOnArrival ? hops.find(({ to }) => sameSite(to, under)) : undefined;
      await wait((arrival?.timeS ?? dwellTimeS) * 1000);
      const passedS = (clock.nowMs() - startMs) / 1000;
      for (const hop of hops) if (hop.timeS <= passedS + 1e-9) silicon = hop.to;
      return { arrived: arrival !== undefined && arrival.timeS <= passedS + 1e-9, trace: [] };
    },
    shift: async ({ dxAngstrom, dyAngstrom }) => {
      centre = { x: centre.x + dxAngstrom, y: centre.y - dyAngstrom };
    },
  };
}

/** Poisson counts of Gaussian atoms; silicon's neighbours stand aside as relaxed. */
function drawCounts(
  scene: {
    readonly lattice: Honeycomb;
    readonly silicon: Site;
    readonly centre: Vector;
    readonly px: number;
    readonly fovAngstrom: number;
  },
  stream: Stream,
): Float32Array {
  const { lattice, silicon, centre, px, fovAngstrom } = scene;
  const pixel = fovAngstrom / px;
  const mean = new Float64Array(px * px).fill(background);
  const middle = nearestSite(lattice, centre);
  const reach = Math.ceil(fovAngstrom / bondLengthAngstrom);
  const dopant = sitePosition(lattice, silicon);
  for (let di = -reach; di <= reach; di++) {
    for (let dj = -reach; dj <= reach; dj++) {
      for (const sublattice of ["A", "B"] as const) {
        const site: Site = { i: middle.i + di, j: middle.j + dj, sublattice };
        const isSilicon = sameSite(site, silicon);
        const at = sitePosition(lattice, site);
        const away = Math.hypot(at.x - dopant.x, at.y - dopant.y);
        const push = !isSilicon && away < 1.2 * bondLengthAngstrom ? 1.62 / away : 1;
        const x = dopant.x + (at.x - dopant.x) * push - centre.x;
        const y = dopant.y + (at.y - dopant.y) * push - centre.y;
        addAtom(mean, {
          px,
          x: (x + fovAngstrom / 2) / pixel - 0.5,
          y: (fovAngstrom / 2 - y) / pixel - 0.5,
          peak: isSilicon ? siliconRatio * carbonPeak : carbonPeak,
          sigma: probeSigma / pixel,
        });
      }
    }
  }
  return Float32Array.from(mean, (value) => random.samplePoisson(stream, value));
}

function addAtom(
  mean: Float64Array,
  atom: {
    readonly px: number;
    readonly x: number;
    readonly y: number;
    readonly peak: number;
    readonly sigma: number;
  },
): void {
  const { px, x, y, peak, sigma } = atom;
  const reach = 4 * sigma;
  for (let row = Math.max(0, Math.ceil(y - reach)); row <= Math.min(px - 1, y + reach); row++) {
    for (
      let column = Math.max(0, Math.ceil(x - reach));
      column <= Math.min(px - 1, x + reach);
      column++
    ) {
      const squared = (column - x) ** 2 + (row - y) ** 2;
      mean[row * px + column] += peak * Math.exp(-squared / (2 * sigma * sigma));
    }
  }
}
