import { shiftImage, type ImageShape } from "../replay/augment.js";

/**
 * How much a policy changes when its image moves: for every shift within ±`reach` the mean over
 * images of $\sum_a |\pi(a \mid s') - \pi(a \mid s)|$, from 0 to 2, with $\pi$ the softmax of the
 * action values. What comes in at the border repeats it.
 *
 * @param valuesOf action values of an image
 * @returns shifts row by row, down from −reach to reach, then right. @shape [(2 reach + 1)²]
 * @source Trumpp et al. 2025, "Impoola" (arXiv 2503.05546): its translation sensitivity, with
 *   probabilities on both sides
 */
export async function translationSensitivity(
  images: readonly Float32Array[],
  shape: ImageShape,
  given: {
    readonly reach: number;
    readonly valuesOf: (image: Float32Array) => Promise<ArrayLike<number>>;
  },
): Promise<number[]> {
  const { reach, valuesOf } = given;
  const side = 2 * reach + 1;
  const sums = Array.from({ length: side * side }, () => 0);
  for (const image of images) {
    const before = policyOf(await valuesOf(image));
    for (let index = 0; index < sums.length; index++) {
      const moved = image.slice();
      const shift = { down: Math.floor(index / side) - reach, right: (index % side) - reach };
      shiftImage(moved, shape, shift);
      const after = policyOf(await valuesOf(moved));
      sums[index] += after.reduce((sum, share, a) => sum + Math.abs(share - before[a]), 0);
    }
  }
  return sums.map((sum) => sum / images.length);
}

function policyOf(values: ArrayLike<number>): Float64Array {
  const peak = Math.max(...Array.from(values));
  const powers = Float64Array.from(values, (value) => Math.exp(value - peak));
  const total = powers.reduce((sum, x) => sum + x, 0);
  return powers.map((x) => x / total);
}
