import type { Image } from "../../perception/image.js";

const bins = 256;
/** Tiles along each side. */
const tiles = 8;

/**
 * Contrast-limited adaptive histogram equalization of intensities in [0, 1].
 *
 * Each of 8 × 8 tiles has its own histogram, in which no bin holds more than `clipShare` of the tile's
 * pixels (what is above is spread over all bins); between tile centres the mappings are interpolated.
 *
 * @returns intensities in [0, 1]
 * @source Zuiderveld 1994, "Contrast limited adaptive histogram equalization"
 */
export function equalizeLocally({ values, width, height }: Image, clipShare: number): Image {
  const mapping = new Float64Array(tiles * tiles * bins);
  for (let t = 0; t < tiles * tiles; t++) {
    const [top, left] = [Math.floor(t / tiles), t % tiles];
    const rows = [(top * height) / tiles, ((top + 1) * height) / tiles].map(Math.floor);
    const columns = [(left * width) / tiles, ((left + 1) * width) / tiles].map(Math.floor);
    const counts = new Float64Array(bins);
    for (let row = rows[0]; row < rows[1]; row++) {
      for (let col = columns[0]; col < columns[1]; col++)
        counts[binOf(values[row * width + col])]++;
    }
    const total = (rows[1] - rows[0]) * (columns[1] - columns[0]);
    mapping.set(cumulative(counts, { total, most: Math.max(1, clipShare * total) }), t * bins);
  }
  const out = new Float32Array(values.length);
  for (let row = 0; row < height; row++) {
    const y = between(((row + 0.5) * tiles) / height - 0.5);
    for (let col = 0; col < width; col++) {
      const x = between(((col + 0.5) * tiles) / width - 0.5);
      const bin = binOf(values[row * width + col]);
      const at = (down: number, right: number): number =>
        mapping[((y.low + down) * tiles + x.low + right) * bins + bin];
      const above = at(0, 0) + x.share * (at(0, 1) - at(0, 0));
      const below = at(1, 0) + x.share * (at(1, 1) - at(1, 0));
      out[row * width + col] = above + y.share * (below - above);
    }
  }
  return { values: out, width, height };
}

function binOf(value: number): number {
  return Math.min(bins - 1, Math.max(0, Math.floor(value * bins)));
}

/** Clips a histogram and sums it up to 1. */
function cumulative(
  counts: Float64Array,
  { total, most }: { readonly total: number; readonly most: number },
): Float64Array {
  const excess = counts.reduce((sum, count) => sum + Math.max(0, count - most), 0);
  const sums = new Float64Array(bins);
  let sum = 0;
  counts.forEach((count, bin) => {
    sum += Math.min(count, most) + excess / bins;
    sums[bin] = sum / total;
  });
  return sums;
}

/** The tile at or before a coordinate, and how far on towards the next. */
function between(place: number): { readonly low: number; readonly share: number } {
  const inside = Math.min(Math.max(place, 0), tiles - 1);
  const low = Math.min(Math.floor(inside), tiles - 2);
  return { low, share: inside - low };
}
