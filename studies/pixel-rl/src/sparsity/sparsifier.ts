import {
  flattenTree,
  foldIn,
  hostArray,
  isHostArray,
  mapTree,
  sizeOf,
  type HostArray,
  type Key,
  type Tree,
} from "@quadrivium/core";
import { layerDensities } from "./densities.js";
import { exchangeMask, numKept, pruneMask, randomMask, type LayerMask } from "./masks.js";
import { exchangedShare, prunedShare } from "./schedule.js";

/**
 * How weights become few: never, by masks fixed at the start, by masks that exchange weights
 * (`rigl`), or by gradual magnitude pruning.
 */
export const sparsifyModes = ["none", "static", "rigl", "pruning"] as const;

export type SparsifyMode = (typeof sparsifyModes)[number];

/** Where weights become few: in the bottleneck alone, or in every kernel. */
export const sparsifyScopes = ["bottleneck", "all"] as const;

/** What fixes how a network becomes sparse. */
export interface SparsifierOptions {
  readonly sparsify: SparsifyMode;
  readonly sparsifyScope: (typeof sparsifyScopes)[number];
  /** Share of the weights in scope that are 0 in the end. */
  readonly sparsity: number;
  /** Updates between two changes of the masks. */
  readonly maskPeriod: number;
  /** Updates of the whole training. */
  readonly totalUpdates: number;
}

/** The masks of all sparse kernels by path. @dtype uint8 */
export type Masks = { readonly [path: string]: HostArray<LayerMask> };

type Params = Tree<HostArray>;

/** Whether a training step must be followed by a change of the masks, and what that needs. */
export interface MaskChange {
  readonly needsGradient: boolean;
  apply(masks: Masks, params: Params, gradient: Params | null): Masks;
}

/** The masks that training starts with; empty where nothing is sparse. */
export function initialMasks(options: SparsifierOptions, params: Params, key: Key): Masks {
  const { sparsify, sparsity } = options;
  if (sparsify === "none") return {};
  const kernels = sparseKernels(options, params);
  const shapes = Object.fromEntries(kernels.map(({ path, leaf }) => [path, leaf.shape]));
  const densities = layerDensities(shapes, 1 - sparsity);
  return Object.fromEntries(
    kernels.map(({ path, leaf }, index) => {
      const size = sizeOf(leaf.shape);
      const mask =
        sparsify === "pruning"
          ? new Uint8Array(size).fill(1)
          : randomMask(foldIn(key, index), size, Math.round(densities[path] * size));
      return [path, hostArray(mask, leaf.shape)];
    }),
  );
}

/** The change of masks that is due after so many updates; null for none. */
export function maskChangeAfter(updates: number, options: SparsifierOptions): MaskChange | null {
  const { sparsify, sparsity, maskPeriod, totalUpdates } = options;
  if (updates % maskPeriod !== 0) return null;
  const progress = updates / totalUpdates;
  if (sparsify === "rigl") {
    const share = exchangedShare(progress);
    if (share === 0) return null;
    return {
      needsGradient: true,
      apply: (masks, params, gradient) => {
        const weights = dataByPath(params);
        const slopes = dataByPath(gradient!);
        return mapMasks(masks, (mask, path) => {
          const count = Math.round(share * numKept(mask));
          return exchangeMask(mask, { weights: weights[path], gradient: slopes[path], count });
        });
      },
    };
  }
  if (sparsify === "pruning") {
    const share = prunedShare(progress, { sparsity });
    const before = prunedShare((updates - maskPeriod) / totalUpdates, { sparsity });
    if (share === before) return null;
    return {
      needsGradient: false,
      apply: (masks, params) => {
        const weights = dataByPath(params);
        return mapMasks(masks, (mask, path) =>
          pruneMask(mask, weights[path], Math.round((1 - share) * mask.length)),
        );
      },
    };
  }
  return null;
}

/** Parameters with the weights that are not kept set to 0. */
export function maskParams<T>(params: T, masks: Masks): T {
  return mapTree<HostArray, HostArray>(params as Params, isHostArray, (leaf, path) => {
    const mask = maskOf(masks, path);
    if (mask === undefined) return leaf;
    const data = (leaf.data as Float32Array).map((value, i) => (mask.data[i] === 1 ? value : 0));
    return hostArray(data, leaf.shape);
  }) as T;
}

/** The mask of a leaf; the width of a noisy kernel has that of its mean. */
export function maskOf<Mask>(
  masks: { readonly [path: string]: Mask },
  path: string,
): Mask | undefined {
  return masks[path] ?? masks[path.replace(/kernelWidth$/, "kernelMean")];
}

/** Share of the weights in the masks that are 0; 0 where there are none. */
export function sparsityOf(masks: Masks): number {
  const all = Object.values(masks).map(({ data }) => data);
  const size = all.reduce((sum, mask) => sum + mask.length, 0);
  return size === 0 ? 0 : 1 - all.reduce((sum, mask) => sum + numKept(mask), 0) / size;
}

/** The kernels in scope: no biases, no queries, no slots. */
function sparseKernels({ sparsifyScope }: SparsifierOptions, params: Params) {
  return flattenTree(params, isHostArray).filter(
    ({ path }) =>
      /(^|\/)(kernel|kernelMean|W_in|W_out)$/.test(path) &&
      (sparsifyScope === "all" || path.startsWith("bottleneck/")),
  );
}

function dataByPath(tree: Params): { readonly [path: string]: ArrayLike<number> } {
  return Object.fromEntries(
    flattenTree(tree, isHostArray).map(({ path, leaf }) => [path, leaf.data as Float32Array]),
  );
}

function mapMasks(masks: Masks, map: (mask: LayerMask, path: string) => LayerMask): Masks {
  return Object.fromEntries(
    Object.entries(masks).map(([path, { data, shape }]) => [
      path,
      hostArray(map(data, path), shape),
    ]),
  );
}
