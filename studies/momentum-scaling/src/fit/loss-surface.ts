import { minimize, type Minimum } from "@quadrivium/numerics";
import { fitError, type RunRecord } from "./run-record.js";

/** $L(N, D) = E + A N^{-\alpha} + B D^{-\beta}$. */
export interface LossSurface {
  /** E: the loss that neither size nor data removes. */
  readonly floor: number;
  /** A. */
  readonly paramsFactor: number;
  /** α. */
  readonly paramsExponent: number;
  /** B. */
  readonly tokensFactor: number;
  /** β. */
  readonly tokensExponent: number;
}

/** A surface through measured losses. */
export interface SurfaceFit extends LossSurface {
  /** $\log \hat L - \log L$ of each record. */
  readonly residuals: readonly number[];
  /** Mean Huber loss of the residuals, in units of the square of its width. */
  readonly misfit: number;
}

/** A record with what a surface needs. */
export type SizedRecord = RunRecord & { readonly numParams: number; readonly numTokens: number };

/** How a surface is sought. */
export interface SurfaceOptions {
  /** E where it is known, as the entropy rate of a synthetic language is. */
  readonly knownFloor?: number;
  /** A fit to begin with, for resampled records; without it many starts are tried. */
  readonly near?: LossSurface;
}

/** Residuals up to this count squared, larger ones by magnitude: outliers do not lead. */
const huberWidth = 1e-3;

/**
 * The surface $L = E + A N^{-\alpha} + B D^{-\beta}$ of least Huber loss of $\log L$, the best of
 * descents from a grid of starts.
 *
 * E, A and B are positive by construction: the fit moves their logarithms, A and B taken at the
 * middle of the data, where they are nearly independent of the exponents.
 *
 * @throws E_FIT_RUNS with fewer than 6 records, fewer than 3 sizes or 3 amounts of data, or where
 *   size and data grow together so that they cannot be told apart
 * @source arXiv 2203.15556, approach 3 (surface, Huber loss of width 10⁻³, grid of starts)
 */
export function fitLossSurface(
  records: readonly SizedRecord[],
  options: SurfaceOptions = {},
): SurfaceFit {
  checkRecords(records);
  const data = centred(records);
  const objective = surfaceObjective(data, options.knownFloor);
  let best: Minimum | null = null;
  for (const start of startsOf(data, options)) {
    const found = minimize(objective, start, { maxIterations: 400 });
    if (best === null || found.value < best.value) best = found;
  }
  const { at, value } = best!;
  const [a, b, alpha, beta] = at as unknown as [number, number, number, number];
  const surface: LossSurface = {
    floor: options.knownFloor ?? Math.exp(at[4]!),
    paramsFactor: Math.exp(a + alpha * data.middle[0]),
    paramsExponent: alpha,
    tokensFactor: Math.exp(b + beta * data.middle[1]),
    tokensExponent: beta,
  };
  return {
    ...surface,
    misfit: value,
    residuals: records.map((record) => Math.log(lossAt(surface, record) / record.loss)),
  };
}

/** The loss that a surface gives a size and an amount of data. */
export function lossAt(
  surface: LossSurface,
  { numParams, numTokens }: { readonly numParams: number; readonly numTokens: number },
): number {
  return (
    surface.floor +
    surface.paramsFactor * numParams ** -surface.paramsExponent +
    surface.tokensFactor * numTokens ** -surface.tokensExponent
  );
}

interface CentredData {
  /** Logarithms about their middles. */
  readonly params: Float64Array;
  readonly tokens: Float64Array;
  readonly loss: Float64Array;
  readonly middle: readonly [number, number];
}

function centred(records: readonly SizedRecord[]): CentredData {
  const logs = (pick: (record: SizedRecord) => number): Float64Array =>
    Float64Array.from(records, (record) => Math.log(pick(record)));
  const params = logs(({ numParams }) => numParams);
  const tokens = logs(({ numTokens }) => numTokens);
  const middle = [mean(params), mean(tokens)] as const;
  return {
    params: params.map((x) => x - middle[0]),
    tokens: tokens.map((x) => x - middle[1]),
    loss: logs(({ loss }) => loss),
    middle,
  };
}

/** Variables: log A and log B at the middle of the data, α, β and, where it is free, log E. */
function surfaceObjective(data: CentredData, knownFloor: number | undefined) {
  const n = data.loss.length;
  return (at: Float64Array, gradient: Float64Array): number => {
    const [a, b, alpha, beta] = at as unknown as [number, number, number, number];
    const floor = knownFloor ?? Math.exp(at[4]!);
    gradient.fill(0);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const fromParams = Math.exp(a - alpha * data.params[i]!);
      const fromTokens = Math.exp(b - beta * data.tokens[i]!);
      const total = floor + fromParams + fromTokens;
      const residual = (Math.log(total) - data.loss[i]!) / huberWidth;
      const size = Math.abs(residual);
      sum += size <= 1 ? (residual * residual) / 2 : size - 0.5;
      const slope = Math.max(-1, Math.min(1, residual)) / (n * huberWidth * total);
      gradient[0]! += slope * fromParams;
      gradient[1]! += slope * fromTokens;
      gradient[2]! -= slope * fromParams * data.params[i]!;
      gradient[3]! -= slope * fromTokens * data.tokens[i]!;
      if (knownFloor === undefined) gradient[4]! += slope * floor;
    }
    return sum / n;
  };
}

/** Exponents from shallow to steep, floors from low to just under the smallest loss. */
function startsOf(data: CentredData, { knownFloor, near }: SurfaceOptions): number[][] {
  const floorOf = (logFloor: number): number[] => (knownFloor === undefined ? [logFloor] : []);
  if (near !== undefined) {
    // a term that has vanished must be able to come back
    const logOf = (x: number): number => Math.log(Math.max(x, 1e-100));
    const a = logOf(near.paramsFactor) - near.paramsExponent * data.middle[0];
    const b = logOf(near.tokensFactor) - near.tokensExponent * data.middle[1];
    const floor = floorOf(Math.max(Math.log(near.floor), Math.min(...data.loss) - 7));
    return [[a, b, near.paramsExponent, near.tokensExponent, ...floor]];
  }
  const lowest = Math.exp(Math.min(...data.loss));
  const typical = Math.exp(mean(data.loss));
  const floors = knownFloor === undefined ? [0.2, 0.6, 0.95].map((s) => s * lowest) : [knownFloor];
  const exponents = [0.1, 0.35, 1];
  return floors.flatMap((floor) =>
    exponents.flatMap((alpha) =>
      exponents.map((beta) => {
        const excess = Math.log(Math.max(typical - floor, 1e-3 * typical) / 2);
        return [excess, excess, alpha, beta, ...floorOf(Math.log(floor))];
      }),
    ),
  );
}

function checkRecords(records: readonly SizedRecord[]): void {
  const sizes = new Set(records.map(({ numParams }) => numParams)).size;
  const amounts = new Set(records.map(({ numTokens }) => numTokens)).size;
  if (records.length < 6 || sizes < 3 || amounts < 3) {
    throw fitError(
      `a surface over size and data has five unknowns and needs ≥ 6 losses at ≥ 3 sizes and ≥ 3 ` +
        `amounts of data; got ${records.length} at ${sizes} and ${amounts}; ` +
        `fit one variable with --against, or add runs`,
    );
  }
  const { params, tokens } = centred(records);
  const r = correlation(params, tokens);
  if (Math.abs(r) > 0.998) {
    throw fitError(
      `size and data grow together in these runs (their logarithms correlate to ` +
        `${r.toFixed(4)}), so that their parts in the loss cannot be told apart; fit one variable ` +
        `with --against, or train some models on more and some on less data`,
    );
  }
}

function correlation(x: Float64Array, y: Float64Array): number {
  let [xx, yy, xy] = [0, 0, 0];
  x.forEach((value, i) => {
    xx += value * value;
    yy += y[i]! * y[i]!;
    xy += value * y[i]!;
  });
  return xy / Math.sqrt(xx * yy);
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}
