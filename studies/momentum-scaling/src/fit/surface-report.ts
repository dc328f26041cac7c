import {
  fitLossSurface,
  type LossSurface,
  type SizedRecord,
  type SurfaceFit,
  type SurfaceOptions,
} from "./loss-surface.js";
import {
  percentileInterval,
  resampledRuns,
  type Measured,
  type ResampleOptions,
} from "./resample-runs.js";

/** The numbers of a surface that carry intervals. */
export const surfaceNumbers = [
  "floor",
  "paramsFactor",
  "paramsExponent",
  "tokensFactor",
  "tokensExponent",
  "sizeExponent",
  "lossExponent",
] as const;
export type SurfaceNumber = (typeof surfaceNumbers)[number];

/** A surface with intervals, and what speaks against reading it. */
export interface SurfaceReport {
  /**
   * Beside the surface's own numbers: `sizeExponent`, $a = \beta/(\alpha+\beta)$ of the best size
   * $N^* \propto C^a$ for compute $C \propto ND$, and `lossExponent`,
   * $\alpha\beta/(\alpha+\beta)$ of $L^* - E \propto C^{-x}$.
   */
  readonly numbers: { readonly [name in SurfaceNumber]: Measured };
  readonly surface: SurfaceFit;
  /** Exponents of the runs of less, and of more than the middle compute; E as for all. */
  readonly ends: { readonly paramsExponent: Ends; readonly tokensExponent: Ends };
  readonly warnings: readonly string[];
}

type Ends = readonly [number, number] | null;

/** Fits a surface with intervals from resampled runs. */
export function reportSurface(
  records: readonly SizedRecord[],
  options: ResampleOptions & Pick<SurfaceOptions, "knownFloor">,
): SurfaceReport {
  const floor = options.knownFloor === undefined ? {} : { knownFloor: options.knownFloor };
  const surface = fitLossSurface(records, floor);
  const draws: LossSurface[] = [];
  for (const drawn of resampledRuns(records, options)) {
    const fit = attempt(drawn as readonly SizedRecord[], { ...floor, near: surface });
    if (fit !== null) draws.push(fit);
  }
  const numbers = Object.fromEntries(
    surfaceNumbers.map((name) => {
      const values = draws.map((draw) => numberOf(draw, name));
      const interval = percentileInterval(values, options.level);
      return [name, { value: numberOf(surface, name), interval }];
    }),
  ) as { [name in SurfaceNumber]: Measured };
  const ends = endsOf(records, surface);
  const report = { numbers, surface, ends };
  return { ...report, warnings: surfaceWarnings(report, records, options.knownFloor) };
}

function numberOf(surface: LossSurface, name: SurfaceNumber): number {
  const { paramsExponent: alpha, tokensExponent: beta } = surface;
  if (name === "sizeExponent") return beta / (alpha + beta);
  if (name === "lossExponent") return (alpha * beta) / (alpha + beta);
  return surface[name];
}

/** A fit of records that may be too few or too alike. */
function attempt(records: readonly SizedRecord[], options: SurfaceOptions): SurfaceFit | null {
  try {
    return fitLossSurface(records, options);
  } catch {
    return null; // a draw that repeats too few runs says nothing
  }
}

function endsOf(records: readonly SizedRecord[], surface: LossSurface): SurfaceReport["ends"] {
  const sorted = records.toSorted((a, b) => a.numParams * a.numTokens - b.numParams * b.numTokens);
  const half = Math.floor(sorted.length / 2);
  const options = { knownFloor: surface.floor, near: surface };
  const low = attempt(sorted.slice(0, half), options);
  const high = attempt(sorted.slice(half), options);
  const pair = (name: "paramsExponent" | "tokensExponent"): Ends =>
    low === null || high === null ? null : [low[name], high[name]];
  return { paramsExponent: pair("paramsExponent"), tokensExponent: pair("tokensExponent") };
}

const words = {
  paramsExponent: { exponent: "α (of size)", factor: "paramsFactor", scale: "numParams" },
  tokensExponent: { exponent: "β (of data)", factor: "tokensFactor", scale: "numTokens" },
} as const;

function surfaceWarnings(
  { numbers, surface, ends }: Omit<SurfaceReport, "warnings">,
  records: readonly SizedRecord[],
  knownFloor: number | undefined,
): string[] {
  const warnings: string[] = [];
  const lowest = Math.min(...records.map(({ loss }) => loss));
  const scatter = Math.sqrt(
    surface.residuals.reduce((sum, r) => sum + r * r, 0) / surface.residuals.length,
  );
  if (scatter > 0.05) {
    warnings.push(
      `the runs scatter by ${(100 * scatter).toFixed(0)} % about the surface: it does not describe them`,
    );
  }
  for (const name of ["paramsExponent", "tokensExponent"] as const) {
    const { exponent, factor, scale } = words[name];
    const terms = records.map((record) => surface[factor] * record[scale] ** -surface[name]);
    const share = (Math.max(...terms) - Math.min(...terms)) / lowest;
    const { value, interval } = numbers[name];
    if (share < Math.max(0.02, scatter)) {
      warnings.push(
        `${exponent} means nothing here: over all runs its term moves the loss by ${(100 * share).toFixed(1)} %`,
      );
    } else if (interval === null || interval[1] - interval[0] > Math.max(0.1, 0.5 * value)) {
      const range = interval === null ? "unknown" : interval.map((x) => x.toFixed(2)).join(" to ");
      warnings.push(`${exponent} is not settled by these runs: its interval is ${range}`);
    }
    const both = ends[name];
    const reach = interval === null ? 0 : (interval[1] - interval[0]) / 2;
    if (both !== null && Math.abs(both[0] - both[1]) > Math.max(0.1, 3 * reach)) {
      warnings.push(
        `${exponent} drifts from ${both[0].toFixed(2)} at little to ${both[1].toFixed(2)} at much ` +
          `compute: a single exponent is meaningless`,
      );
    }
  }
  const floor = numbers.floor.interval;
  if (knownFloor === undefined && (floor === null || floor[1] - floor[0] > 0.3 * lowest)) {
    warnings.push(
      "the floor E is not settled by these runs, and the exponents lean on it: give --floor if it is known, or train longer",
    );
  }
  return warnings;
}
