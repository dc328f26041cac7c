import { InputError, type Stream } from "@quadrivium/core";
import type { BeamSettings, RateMap } from "../model/rate-map.js";
import { greedy, handOffsets, randomWalk } from "./baselines.js";
import type { Controller } from "./controller.js";
import type { Hazards } from "./hazards.js";
import { bestOffset, type Offset } from "./offsets.js";
import { plannedActions, planner, type Planner, type PlannerOptions } from "./planner.js";

/** The controllers by name. */
export const controllerNames = [
  "planner",
  "event",
  "greedy-on",
  "greedy-short",
  "greedy-hand",
  "greedy-learned",
  "greedy-learned-lower",
  "random",
  "oracle",
] as const;
export type ControllerName = (typeof controllerNames)[number];

/** A learned map: the mean, and a bound below which rates are unlikely to lie. */
export interface LearnedRates extends RateMap {
  readonly lower: RateMap["rate"];
  /** The place for the beam that the data supports best; without it, the whole map is searched. */
  readonly bestOffset?: Offset;
}

/** What controllers are made of. */
export interface ControllerOptions {
  /** The true map, which only the oracle may see where a model is given. */
  readonly truth: RateMap;
  readonly model?: LearnedRates;
  readonly beam: BeamSettings;
  readonly imageTimeS: number;
  /** Dwell of the greedy controllers. @unit second */
  readonly greedyDwellS: number;
  /** See {@link PlannerOptions.dosePenalty}. */
  readonly dosePenalty?: number;
  /** See {@link PlannerOptions.riskTimeS}. @unit second */
  readonly riskTimeS?: number;
}

/** Makes a controller for each walk; the stream serves the one that acts at random, planners heed hazards. */
export type ControllerFactory = (stream: Stream, hazards?: Hazards) => Controller | Planner;

/**
 * The controller of a name.
 *
 * `planner` and `event` plan on the model; without one, on the true map.
 *
 * @throws E_MODEL if a controller that needs a learned model gets none
 */
export function controllerByName(
  name: ControllerName,
  options: ControllerOptions,
): ControllerFactory {
  const { truth, model, beam, greedyDwellS } = options;
  const fixed =
    (controller: Controller): ControllerFactory =>
    () =>
      controller;
  switch (name) {
    case "random":
      return randomWalk;
    case "greedy-on":
    case "greedy-short":
    case "greedy-hand":
      return fixed(greedy(name, handOffsets[name], greedyDwellS));
    case "greedy-learned": {
      const map = needed(name, model);
      return fixed(greedy(name, map.bestOffset ?? bestOffset(map, beam), greedyDwellS));
    }
    case "greedy-learned-lower": {
      const { lower: rate } = needed(name, model);
      return fixed(greedy(name, bestOffset({ name, rate }, beam), greedyDwellS));
    }
    case "oracle":
      return planning({ name, map: truth }, options);
    case "planner":
    case "event": {
      const watch = name === "event";
      if (model === undefined) return planning({ name, watch, map: truth }, options);
      const lowerBound = { name: `${model.name}, lower bound`, rate: model.lower };
      return planning({ name, watch, map: model, lowerBound }, options);
    }
  }
}

/** One planner serves all walks on clean lattices; where something stands in the way each has its own. */
function planning(
  own: Pick<PlannerOptions, "name" | "map" | "lowerBound" | "watch">,
  { beam, imageTimeS, dosePenalty, riskTimeS }: ControllerOptions,
): ControllerFactory {
  const options: PlannerOptions = {
    ...own,
    beam,
    imageTimeS,
    actions: plannedActions({ ...own, beam }),
    ...(dosePenalty !== undefined && { dosePenalty }),
    ...(riskTimeS !== undefined && { riskTimeS }),
  };
  const clean = planner(options);
  return (_, hazards) => (hazards === undefined ? clean : planner({ ...options, ...hazards }));
}

function needed(name: ControllerName, model: LearnedRates | undefined): LearnedRates {
  if (model !== undefined) return model;
  throw new InputError("E_MODEL", `controllerByName: ${name} needs a learned model; pass --model`);
}
