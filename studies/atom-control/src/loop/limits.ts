import { z } from "zod";

const point = z.object({ x: z.number().min(0).max(1), y: z.number().min(0).max(1) });

/**
 * Hard limits of a session, which neither the server nor the adapter lets any command exceed.
 *
 * Charges are picocoulomb, doses electrons per square angstrom, lengths angstrom.
 */
export const limitsSchema = z.object({
  minVoltageKv: z.number().positive().default(58),
  maxVoltageKv: z
    .number()
    .positive()
    .max(70, "the beam is never parked above 70 kV: carbon beside silicon is knocked out")
    .default(62),
  maxCurrentNanoA: z.number().positive().default(0.15),
  maxDwellTimeS: z.number().positive().default(15),
  maxFrameTimeS: z.number().positive().default(10),
  minFovAngstrom: z.number().positive().default(10),
  maxChargePerSitePicoC: z.number().positive().default(20_000),
  maxFieldDose: z.number().positive().default(2e9).describe("e/Å² averaged over the field of view"),
  maxSessionChargePicoC: z.number().positive().default(200_000),
  maxFrames: z.int().positive().default(2000),
  maxParksWithoutProgress: z.int().positive().default(20),
  minDefectDistanceAngstrom: z.number().min(0).default(1),
  edgeMarginFraction: z.number().min(0).max(0.49).default(0.05),
  maxFrameAgeMs: z.number().positive().default(30_000),
  keepOut: z
    .array(z.array(point).min(3))
    .default([])
    .describe("polygons as fractions of the frame, x right, y down"),
});

export type Limits = z.infer<typeof limitsSchema>;

/** A limit that a command would exceed. */
export interface Violation {
  /** Name of the limit. */
  readonly limit: string;
  /** One sentence with the value and what would be valid. */
  readonly message: string;
}

/** The violation that `value ≤ limit` is not, NaN included. */
export function above(limit: string, value: number, most: number): Violation | undefined {
  if (value <= most) return undefined;
  return { limit, message: `${limit}: must be at most ${most}; got ${value}` };
}

/** The violation that `value ≥ limit` is not, NaN included. */
export function below(limit: string, value: number, least: number): Violation | undefined {
  if (value >= least) return undefined;
  return { limit, message: `${limit}: must be at least ${least}; got ${value}` };
}

/** Whether a point lies inside a polygon or on its edge, by counting crossings. */
export function isInside(
  polygon: readonly { readonly x: number; readonly y: number }[],
  { x, y }: { readonly x: number; readonly y: number },
): boolean {
  let inside = false;
  for (let i = 0; i < polygon.length; i++) {
    const a = polygon[i];
    const b = polygon[(i + 1) % polygon.length];
    const cross = (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x);
    const isBetween =
      Math.min(a.x, b.x) <= x &&
      x <= Math.max(a.x, b.x) &&
      Math.min(a.y, b.y) <= y &&
      y <= Math.max(a.y, b.y);
    if (cross === 0 && isBetween) return true;
    if (a.y > y !== b.y > y && x < a.x + ((b.x - a.x) * (y - a.y)) / (b.y - a.y)) inside = !inside;
  }
  return inside;
}
