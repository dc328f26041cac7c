import { fitFlooredPowerLaw } from "../analyze/floored-power-law.js";
import { fitSlope } from "../analyze/slope-fit.js";
import { fitError, type RunRecord, type ScaleName } from "./run-record.js";
import {
  percentileInterval,
  resampledRuns,
  type Measured,
  type ResampleOptions,
} from "./resample-runs.js";

/** A power law of one variable over a floor, $L = E + A x^{-p}$. */
export interface CurveReport {
  readonly against: ScaleName;
  readonly floor: Measured;
  readonly factor: Measured;
  readonly exponent: Measured;
  /** Exponents of $L - E$ over the first and over the last third of the points. */
  readonly ends: readonly [number, number];
  readonly residuals: readonly number[];
  readonly warnings: readonly string[];
}

/**
 * Fits losses against one variable, with intervals from resampled runs.
 *
 * @throws E_FIT_RUNS with fewer than 6 losses or 4 values of the variable, or losses below the floor
 */
export function reportCurve(
  records: readonly RunRecord[],
  against: ScaleName,
  options: ResampleOptions & { readonly knownFloor?: number },
): CurveReport {
  const { knownFloor } = options;
  const sorted = records.toSorted((a, b) => a[against]! - b[against]!);
  const x = sorted.map((record) => record[against]!);
  const y = sorted.map(({ loss }) => loss);
  const values = new Set(x).size;
  if (x.length < 6 || values < 4) {
    throw fitError(
      `a power law over a floor needs ≥ 6 losses at ≥ 4 values of ${against}; got ${x.length} ` +
        `at ${values}; add runs`,
    );
  }
  const lowest = Math.min(...y);
  if (knownFloor !== undefined && lowest <= knownFloor) {
    throw fitError(`every loss must lie above the floor ${knownFloor}; got ${lowest}`);
  }
  const fit = fitFlooredPowerLaw(x, y, knownFloor);
  const draws: { readonly exponent: number; readonly factor: number; readonly floor: number }[] =
    [];
  for (const drawn of resampledRuns(sorted, options)) {
    const at = drawn.map((record) => record[against]!);
    if (new Set(at).size < 4) continue;
    draws.push(
      fitFlooredPowerLaw(
        at,
        drawn.map(({ loss }) => loss),
        knownFloor,
      ),
    );
  }
  const measured = (name: "exponent" | "factor" | "floor"): Measured => {
    const interval = percentileInterval(
      draws.map((draw) => draw[name]),
      options.level,
    );
    return { value: fit[name], interval };
  };
  const { ends } = fitSlope(
    x.map(Math.log),
    y.map((loss) => Math.log(loss - fit.floor)),
    { key: options.key, draws: 1 },
  );
  const report = {
    against,
    floor: measured("floor"),
    factor: measured("factor"),
    exponent: measured("exponent"),
    ends: [-ends[0], -ends[1]] as const,
    residuals: x.map((value, i) =>
      Math.log((fit.floor + fit.factor * value ** -fit.exponent) / y[i]!),
    ),
  };
  return { ...report, warnings: curveWarnings(report, { lowest, knownFloor }) };
}

function curveWarnings(
  { exponent, floor, ends }: Omit<CurveReport, "warnings">,
  given: { readonly lowest: number; readonly knownFloor: number | undefined },
): string[] {
  const warnings: string[] = [];
  const { value, interval } = exponent;
  if (interval === null || interval[1] - interval[0] > Math.max(0.1, 0.5 * value)) {
    const range = interval === null ? "unknown" : interval.map((p) => p.toFixed(2)).join(" to ");
    warnings.push(`the exponent is not settled by these runs: its interval is ${range}`);
  }
  const reach = interval === null ? 0 : (interval[1] - interval[0]) / 2;
  if (Math.abs(ends[0] - ends[1]) > Math.max(0.1, 0.3 * value, 3 * reach)) {
    warnings.push(
      `the exponent drifts from ${ends[0].toFixed(2)} to ${ends[1].toFixed(2)} along the runs: a ` +
        `single exponent is meaningless`,
    );
  }
  const range = floor.interval;
  if (given.knownFloor === undefined && (!range || range[1] - range[0] > 0.3 * given.lowest)) {
    warnings.push(
      "the floor E is not settled by these runs, and the exponent leans on it: give --floor if it is known, or train longer",
    );
  }
  return warnings;
}
