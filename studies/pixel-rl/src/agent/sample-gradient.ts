import { flattenTree, isHostArray, type HostArray, type Tree } from "@quadrivium/core";
import type { Batch } from "../replay/batch.js";
import type { Agent } from "./agent.js";

/**
 * The gradient of one sample's loss to all parameters, one array after another.
 *
 * @param at.updates decides the noise, the same for every sample
 */
export async function sampleGradient(
  agent: Pick<Agent, "gradient">,
  batch: Batch,
  at: { readonly sample: number; readonly updates: number },
): Promise<Float32Array> {
  const weights = new Float32Array(batch.weights.length);
  weights[at.sample] = 1;
  const slope = await agent.gradient({ ...batch, weights }, at.updates);
  const leaves = flattenTree(slope as Tree<HostArray>, isHostArray).map(
    ({ leaf }) => leaf.data as Float32Array,
  );
  const flat = new Float32Array(leaves.reduce((sum, { length }) => sum + length, 0));
  let from = 0;
  for (const leaf of leaves) {
    flat.set(leaf, from);
    from += leaf.length;
  }
  return flat;
}
