import type { Event, TrainContext } from "@quadrivium/core";
import type { CurveConfig } from "../config.js";
import { learningCurve, type LearningCurvePoint } from "../learn/learning-curve.js";
import { mapByName } from "../model/maps/map-by-name.js";
import { randomCollection } from "./random-collection.js";
import type { CurveResult } from "./result.js";

/**
 * Learns a hidden map from more and more samples, by each likelihood on the same ones; the truth
 * judges.
 *
 * @throws E_RATE_MAP if there is no such map; E_NO_HOPS if samples show no hop
 */
export async function* drawCurve(
  config: CurveConfig,
  context: Pick<TrainContext, "key" | "signal" | "compute">,
): AsyncGenerator<Event<CurveResult>, void, void> {
  const { samples, likelihoods, repeats, dwellTimesS, currentNanoA, voltageKv } = config;
  const points: LearningCurvePoint[] = [];
  const total = samples.length * likelihoods.length * repeats;
  yield { kind: "step", clock: "fit", n: 0, total };
  const curve = learningCurve(mapByName(config.map), {
    policy: { ...randomCollection, dwellTimesS, beam: { currentNanoA, voltageKv } },
    samples,
    likelihoods,
    repeats,
    key: context.key,
    compute: context.compute,
    signal: context.signal,
  });
  for await (const point of curve) {
    points.push(point);
    const at = { clock: "fit", n: points.length };
    yield { kind: "step", ...at, total };
    yield { kind: "metric", name: `excessNll/${point.likelihood}`, value: point.excessNll, ...at };
  }
  yield { kind: "done", result: { points } };
}
