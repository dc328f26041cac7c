import {
  flattenTree,
  hostArray,
  isHostArray,
  mapTree,
  type HostArray,
  type Tree,
} from "@quadrivium/core";
import { relativeActivity } from "../diagnostics/dormancy.js";
import { activationsOf } from "../diagnostics/examine.js";
import type { RecyclableLayer } from "./recyclable-layers.js";

/** Dormant units of a layer. */
export interface DormantUnits {
  readonly layer: RecyclableLayer;
  readonly units: readonly number[];
}

/** The τ-dormant units of layers, by what was observed of them on a batch. */
export function dormantUnits(
  layers: readonly RecyclableLayer[],
  active: { readonly [name: string]: HostArray },
  tau: number,
): readonly DormantUnits[] {
  return layers.map((layer) => {
    const activity = relativeActivity(activationsOf(active[layer.name]));
    return { layer, units: [...activity.keys()].filter((unit) => activity[unit] <= tau) };
  });
}

/** Parameters and the optimizer's state together. */
export interface Trained {
  readonly params: Tree<HostArray>;
  readonly optimizer: Tree<HostArray>;
}

/**
 * Recycles units: what comes in is drawn anew, what goes out becomes 0, and the moments of both
 * start over. A unit that is silent on every input is thereby replaced without a change of the
 * function; one that is merely dormant loses the little that it said.
 *
 * @param fresh parameters of the same structure, just initialised
 * @source Sokar et al. 2023, "The dormant neuron phenomenon", Algorithm 1
 */
export function recycle(
  { params, optimizer }: Trained,
  dormant: readonly DormantUnits[],
  fresh: Tree<HostArray>,
): Trained {
  const starts = new Map(flattenTree(fresh, isHostArray).map(({ path, leaf }) => [path, leaf]));
  const paths = [...starts.keys()];
  return {
    params: mapTree(params, isHostArray, (leaf, path) =>
      withRecycled(leaf, { path, dormant, start: starts.get(path)! }),
    ),
    optimizer: mapTree(optimizer, isHostArray, (leaf, place) => {
      const path = paths.find((path) => place.endsWith(`/${path}`));
      return path === undefined ? leaf : withRecycled(leaf, { path, dormant });
    }),
  };
}

/** One array with its share of the units recycled. @param given.start what comes in; else 0 */
function withRecycled(
  leaf: HostArray,
  given: {
    readonly path: string;
    readonly dormant: readonly DormantUnits[];
    readonly start?: HostArray;
  },
): HostArray {
  const { path, dormant, start } = given;
  const isUnder = (parent: string): boolean => path.startsWith(`${parent}/`);
  const some = dormant.filter(({ units }) => units.length > 0);
  const incoming = some.filter(({ layer }) => layer.incoming.some(isUnder));
  const outgoing = some.filter(({ layer }) => isUnder(layer.outgoing));
  if (incoming.length + outgoing.length === 0) return leaf;
  const data = (leaf.data as Float32Array).slice();
  for (const { layer, units } of incoming) {
    for (let row = 0; row < data.length; row += layer.numUnits) {
      for (const unit of units)
        data[row + unit] = start === undefined ? 0 : Number(start.data[row + unit]);
    }
  }
  // After what comes in, so that no drawn weight reads a unit that is itself new.
  for (const { layer, units } of outgoing) {
    if (leaf.shape.length < 2) continue;
    const [numInputs, numOutputs] = leaf.shape.slice(-2);
    const part = (numInputs / layer.numUnits) * numOutputs;
    for (let block = 0; block < data.length; block += numInputs * numOutputs) {
      for (const unit of units) data.fill(0, block + unit * part, block + (unit + 1) * part);
    }
  }
  return hostArray(data, leaf.shape);
}
