import { foldIn, type Event, type TrainContext } from "@quadrivium/core";
import type { LearnConfig } from "../config.js";
import { summarize, walks } from "../control/benchmark.js";
import { controllerByName } from "../control/controllers.js";
import type { Episode } from "../control/episode.js";
import { bandCoverage, excessNll } from "../learn/evaluate.js";
import { learnRates } from "../learn/learn-rates.js";
import { mapByName } from "../model/maps/map-by-name.js";
import { collect } from "../simulate/collect.js";
import { randomCollection } from "./random-collection.js";
import type { LearnedResult } from "./result.js";

/**
 * Collects random samples on a hidden map, learns rates from them and walks on what was learned; the
 * same walks are then made by an oracle. The truth judges, it is never shown to the fit.
 *
 * @throws E_RATE_MAP if there is no such map; E_NO_HOPS if the samples show no hop
 */
export async function* learnAndWalk(
  config: LearnConfig,
  context: Pick<TrainContext, "key" | "signal" | "compute">,
): AsyncGenerator<Event<LearnedResult>, void, void> {
  const { samples, hops, episodes, imageTimeS, currentNanoA, voltageKv } = config;
  const truth = mapByName(config.map);
  const beam = { currentNanoA, voltageKv };
  const policy = { ...randomCollection, beam };
  const key = (n: number) => foldIn(context.key, n);
  const transitions = Array.from(
    collect(truth, { policy, samples, key: key(0) }),
    ({ transition }) => transition,
  );
  // the clock counts walks: learning comes before the first
  const total = 2 * episodes;
  yield { kind: "step", clock: "episode", n: 0, total };
  const { model, heldOut, heldOutNll } = await learnRates(transitions, {
    key: key(1),
    compute: context.compute,
    signal: context.signal,
  });
  const world = {
    map: truth,
    beam,
    imageTimeS,
    fovAngstrom: 20,
    placementSigmaAngstrom: config.placementSigmaAngstrom,
  };
  const found: { readonly [name in "planner" | "oracle"]: Episode[] } = { planner: [], oracle: [] };
  for (const name of ["planner", "oracle"] as const) {
    const controller = controllerByName(name, { truth, model, beam, imageTimeS, greedyDwellS: 5 });
    for (const episode of walks({ world, hops, episodes, key: key(2), controller })) {
      context.signal.throwIfAborted();
      found[name].push(episode);
      const n = found.planner.length + found.oracle.length;
      yield { kind: "step", clock: "episode", n, total };
    }
  }
  const at = { clock: "episode", n: total };
  const scores = {
    excessNll: excessNll(model, truth, transitions),
    coverage90: bandCoverage(model, truth, transitions),
  };
  yield { kind: "metric", name: "excessNll", value: scores.excessNll, ...at };
  yield { kind: "metric", name: "coverage90", value: scores.coverage90, ...at };
  const [learned, oracle] = [found.planner, found.oracle].map((all) => summarize(all, key(3)));
  yield { kind: "metric", name: "seconds", value: learned.meanSeconds, ...at };
  yield {
    kind: "done",
    result: {
      ...scores,
      heldOutNll: heldOut.length === 0 ? null : heldOutNll,
      learned,
      oracle,
      seconds: found.planner.map(({ seconds }) => seconds),
      oracleSeconds: found.oracle.map(({ seconds }) => seconds),
      profile: Array.from({ length: 71 }, (_, n) => {
        const along = -1 + 0.05 * n;
        return {
          along,
          truth: truth.rate(along, 0, beam),
          mean: model.rate(along, 0, beam),
          lower: model.lower(along, 0, beam),
          upper: model.upper(along, 0, beam),
        };
      }),
    },
  };
}
