import { foldIn, streamOf, type Key, type Stream } from "@quadrivium/core";
import { bootstrap, mean } from "@quadrivium/stats";
import type { Controller } from "./controller.js";
import { drawTask, runEpisode, type Episode, type WalkEnd, type World } from "./episode.js";
import { placeHazards, type Hazards, type WalkHazards } from "./hazards.js";

/** Many walks of one controller, in numbers. */
export interface BenchmarkSummary {
  readonly episodes: number;
  readonly successRate: number;
  /** A failed walk counts 600 s. */
  readonly meanSeconds: number;
  /** 95 % interval of the mean; `null` with fewer than five walks. */
  readonly interval: readonly [number, number] | null;
  readonly standardError: number;
  /** Hops that silicon made in a walk. */
  readonly meanHops: number;
  /** Share of stays during which silicon hopped more than once. */
  readonly doubleHopShare: number;
  /** Largest dose of any site in any walk. @unit electrons per Å² */
  readonly maxDose: number;
  /** How many walks ended for which reason. */
  readonly ends: { readonly [End in WalkEnd]: number };
  /** Share of walks in which silicon was seen inside a keep-out. */
  readonly keepOutShare: number;
}

/** What is benchmarked. */
export interface BenchmarkOptions {
  readonly world: World;
  readonly hops: number;
  readonly episodes: number;
  /** Walks that were made before [0]. */
  readonly from?: number;
  readonly key: Key;
  /** What stands in the way of every walk. */
  readonly hazards?: WalkHazards;
  /** Makes the controller of a walk; the stream is for those that act at random. */
  readonly controller: (stream: Stream, hazards?: Hazards) => Controller;
}

/** Runs walks one after another: tasks depend on the key alone, so controllers meet the same ones. */
export function* walks(options: BenchmarkOptions): Generator<Episode, void, void> {
  const { world, hops, episodes, key, from = 0 } = options;
  for (let n = from; n < episodes; n++) {
    const episodeKey = foldIn(key, n);
    const task = drawTask(episodeKey, hops);
    const hazards = options.hazards && placeHazards(options.hazards, task);
    const controller = options.controller(streamOf(foldIn(episodeKey, 1)), hazards);
    const place = { world: { ...world, ...hazards }, task };
    yield runEpisode(controller, place, streamOf(foldIn(episodeKey, 2)));
  }
}

/** Sums walks up. */
export function summarize(episodes: readonly Episode[], key: Key): BenchmarkSummary {
  const seconds = episodes.map((episode) => episode.seconds);
  const { value, interval } = bootstrap(seconds, mean, {
    key,
    unit: "draw",
    numResamples: 2000,
  });
  const total = (count: (episode: Episode) => number): number =>
    episodes.reduce((sum, episode) => sum + count(episode), 0);
  const ended = (end: WalkEnd): number => total((episode) => (episode.end === end ? 1 : 0));
  const spread = total((episode) => (episode.seconds - value) ** 2);
  return {
    episodes: episodes.length,
    successRate: total(({ success }) => (success ? 1 : 0)) / episodes.length,
    meanSeconds: value,
    interval,
    standardError: Math.sqrt(spread / Math.max(1, episodes.length - 1) / episodes.length),
    meanHops: total(({ hops }) => hops) / episodes.length,
    doubleHopShare:
      total(({ multiHopParks }) => multiHopParks) /
      Math.max(
        1,
        total(({ parks }) => parks),
      ),
    maxDose: episodes.reduce((most, { maxDose }) => Math.max(most, maxDose), 0),
    ends: {
      goal: ended("goal"),
      time: ended("time"),
      noWay: ended("noWay"),
      dose: ended("dose"),
      keepOut: ended("keepOut"),
    },
    keepOutShare: total(({ enteredKeepOut }) => (enteredKeepOut ? 1 : 0)) / episodes.length,
  };
}
