import { leastSquares, matrix } from "@quadrivium/numerics";
import type { RunRecord } from "./run-record.js";
import {
  percentileInterval,
  resampledRuns,
  type Measured,
  type ResampleOptions,
} from "./resample-runs.js";

/** The best size among models that were trained with equal compute. */
export interface IsoFlopValley {
  readonly compute: number;
  /** Where the parabola of log loss over log size has its bottom. */
  readonly numParams: Measured;
  /** The loss there. */
  readonly loss: number;
  readonly sizes: number;
}

/** Valleys at several amounts of compute, and the power law of the best size. */
export interface IsoFlopReport {
  readonly valleys: readonly IsoFlopValley[];
  /** $a$ of $N^* \propto C^a$; `null` with fewer than 3 valleys. */
  readonly sizeExponent: Measured | null;
  readonly warnings: readonly string[];
}

type Priced = RunRecord & { readonly numParams: number; readonly compute: number };

/** Runs whose compute differs by less than this factor count as equal. */
const equalCompute = 1.1;

/**
 * Parabolas of log loss over log size through runs of equal compute.
 *
 * @returns `null` where no 4 sizes share their compute
 * @source arXiv 2203.15556, approach 2
 */
export function reportIsoFlops(
  records: readonly Priced[],
  options: ResampleOptions,
): IsoFlopReport | null {
  const groups = computeGroups(records);
  if (groups.length === 0) return null;
  const valleys: IsoFlopValley[] = [];
  const resampled: (readonly number[])[] = [];
  for (const group of groups) {
    const compute = geometricMean(group.map((record) => record.compute));
    const found = valleyOf(group);
    if (found === null) continue;
    const drawn = Array.from(resampledRuns(group, options), (draw) => {
      const valley = valleyOf(draw as readonly Priced[]);
      return valley === null ? Number.NaN : valley.numParams;
    });
    const interval = percentileInterval(drawn, options.level);
    const numParams = { value: found.numParams, interval };
    valleys.push({ compute, numParams, loss: found.loss, sizes: sizesOf(group) });
    resampled.push(drawn);
  }
  const compute = valleys.map((valley) => valley.compute);
  const draws = Array.from({ length: options.draws ?? 200 }, (_, draw) =>
    slopeOf(
      compute,
      resampled.map((drawn) => drawn[draw]!),
    ),
  );
  const sizes = valleys.map(({ numParams }) => numParams.value);
  const missing = groups.length - valleys.length;
  return {
    valleys,
    sizeExponent:
      valleys.length < 3
        ? null
        : {
            value: slopeOf(compute, sizes),
            interval: percentileInterval(draws, options.level),
          },
    warnings:
      missing === 0
        ? []
        : [
            `at ${missing} of ${groups.length} amounts of equal compute the loss has no valley ` +
              `within the sizes given: the best size lies outside, or noise hides it`,
          ],
  };
}

/** Runs of equal compute, where at least 4 sizes share it. */
function computeGroups(records: readonly Priced[]): Priced[][] {
  const groups: Priced[][] = [];
  for (const record of records.toSorted((a, b) => a.compute - b.compute)) {
    const group = groups.at(-1);
    if (group !== undefined && record.compute <= equalCompute * group[0]!.compute) {
      group.push(record);
    } else {
      groups.push([record]);
    }
  }
  return groups.filter((group) => sizesOf(group) >= 4);
}

function sizesOf(records: readonly Priced[]): number {
  return new Set(records.map(({ numParams }) => numParams)).size;
}

/** The bottom of the least-squares parabola; `null` where it has none within the sizes. */
function valleyOf(
  records: readonly Priced[],
): { readonly numParams: number; readonly loss: number } | null {
  if (sizesOf(records) < 3) return null;
  const x = records.map(({ numParams }) => Math.log(numParams));
  const [low, high] = [Math.min(...x), Math.max(...x)];
  const middle = (low + high) / 2;
  const design = matrix(x.length, 3);
  x.forEach((value, i) => design.data.set([1, value - middle, (value - middle) ** 2], 3 * i));
  const { solution } = leastSquares(
    design,
    records.map(({ loss }) => Math.log(loss)),
  );
  const [level, slope, curvature] = solution as unknown as [number, number, number];
  const bottom = -slope / (2 * curvature);
  if (!(curvature > 0 && Math.abs(bottom) <= (high - low) / 2)) return null;
  return {
    numParams: Math.exp(middle + bottom),
    loss: Math.exp(level + (slope * bottom) / 2),
  };
}

function slopeOf(compute: readonly number[], numParams: readonly number[]): number {
  const x = compute.map(Math.log);
  const y = numParams.map(Math.log);
  const [meanX, meanY] = [average(x), average(y)];
  let [xy, xx] = [0, 0];
  x.forEach((value, i) => {
    xy += (value - meanX) * (y[i]! - meanY);
    xx += (value - meanX) ** 2;
  });
  return xy / xx;
}

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const geometricMean = (values: readonly number[]): number =>
  Math.exp(average(values.map(Math.log)));
