import { portableLog, type Stream } from "@quadrivium/core";
import {
  neighbourAngles,
  neighbours,
  sitePosition,
  type Honeycomb,
  type Site,
} from "../model/honeycomb.js";
import { hopRates, type BeamSettings, type RateMap } from "../model/rate-map.js";
import { minus } from "../model/vector.js";
import type { Scan } from "./scan.js";

/** A hop while the frame is taken. */
export interface ScanHop {
  /** Row of the scan in which it happens. */
  readonly row: number;
  readonly to: Site;
}

/** The scanned sheet. */
export interface ScannedSilicon {
  readonly lattice: Honeycomb;
  readonly silicon: Site;
  readonly scan: Scan;
  readonly beam: BeamSettings;
}

/** The beam is followed in steps of about this length. @unit angstrom */
const stepAngstrom = 0.15;

/**
 * Draws the hops that the scanning beam causes, by the hazard that it brings along every row.
 *
 * Silicon hops when the integrated total rate passes an exponential variate; where to, by the rates at
 * that moment.
 */
export function hopsWhileScanning(
  map: RateMap,
  { lattice, silicon: start, scan, beam }: ScannedSilicon,
  stream: Stream,
): ScanHop[] {
  const { region, rows, frameTimeS } = scan;
  const { centre, width, height } = region;
  const lines = Math.min(rows, Math.ceil(height / stepAngstrom));
  const steps = Math.ceil(width / stepAngstrom);
  const stepTimeS = frameTimeS / lines / steps;
  const hops: ScanHop[] = [];
  let silicon = start;
  let left = -portableLog(stream.uniformOpen());
  for (let line = 0; line < lines; line++) {
    const y = centre.y + (0.5 - (line + 0.5) / lines) * height;
    for (let step = 0; step < steps; step++) {
      const x = centre.x + ((step + 0.5) / steps - 0.5) * width;
      const offset = minus({ x, y }, sitePosition(lattice, silicon));
      const rates = hopRates(map, offset, neighbourAngles(lattice, silicon.sublattice), beam);
      const total = rates[0] + rates[1] + rates[2];
      left -= total * stepTimeS;
      if (left > 0) continue;
      const chosen = stream.uniform() * total;
      const k = chosen < rates[0] ? 0 : chosen < rates[0] + rates[1] ? 1 : 2;
      silicon = neighbours(silicon)[k];
      hops.push({ row: Math.floor((line * rows) / lines), to: silicon });
      left = -portableLog(stream.uniformOpen());
    }
  }
  return hops;
}
