import { hostArray, type HostArray } from "@quadrivium/core";
import { np } from "@quadrivium/engine";
import type { MapShape } from "../plan.js";

/** Places of one axis that a region covers: from `first` up to but not including `end`. */
type Span = readonly [first: number, end: number];

/** Regions of a map: every span of rows with every span of columns, row by row. */
export interface Regions {
  readonly rows: readonly Span[];
  readonly columns: readonly Span[];
}

/**
 * `size` × `size` regions that cover a map: region $r$ of an axis of length $n$ spans places ⌊rn/size⌋
 * to ⌈(r+1)n/size⌉ − 1, so that regions of uneven division overlap by one.
 */
export function coveringRegions({ height, width }: MapShape, size: number): Regions {
  const spans = (length: number): Span[] =>
    Array.from({ length: size }, (_, region) => [
      Math.floor((region * length) / size),
      Math.ceil(((region + 1) * length) / size),
    ]);
  return { rows: spans(height), columns: spans(width) };
}

/** Patches of `side` × `side` places beside each other; those at the far border may be cut. */
export function patchRegions({ height, width }: MapShape, side: number): Regions {
  const spans = (length: number): Span[] =>
    Array.from({ length: Math.ceil(length / side) }, (_, patch) => [
      patch * side,
      Math.min(length, (patch + 1) * side),
    ]);
  return { rows: spans(height), columns: spans(width) };
}

/** How many regions there are. */
export function numRegions({ rows, columns }: Regions): number {
  return rows.length * columns.length;
}

/**
 * The mean of every channel over every region.
 *
 * @param map @shape [batch, C, H, W]. @owns borrows
 * @returns @shape [batch, C, regions]
 */
export function regionMeans(map: np.Array, regions: Regions): np.Array {
  const [batch, channels, height, width] = map.shape;
  const { data, shape } = regionWeights(regions, width, height * width);
  const weights = np.array(data as Float32Array, { shape: [...shape] });
  return np.matmul(map.ref.reshape([batch, channels, height * width]), weights.astype(map.dtype));
}

/** The matrix of {@link regionMeans}: column r holds region r's weights. @shape [places, regions] */
function regionWeights(regions: Regions, width: number, numPlaces: number): HostArray {
  const { rows, columns } = regions;
  const count = numRegions(regions);
  const weights = new Float32Array(numPlaces * count);
  rows.forEach(([top, bottom], row) =>
    columns.forEach(([left, right], column) => {
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) {
          weights[(y * width + x) * count + row * columns.length + column] =
            1 / ((bottom - top) * (right - left));
        }
      }
    }),
  );
  return hostArray(weights, [numPlaces, count]);
}
