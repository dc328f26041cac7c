import { InputError } from "@quadrivium/core";

/** A map of numbers over places. @shape [height, width], row-major */
export interface PlaceMap {
  readonly data: Float64Array;
  readonly height: number;
  readonly width: number;
}

/**
 * Where a value comes from: $\mathrm{ReLU}(\sum_c \alpha_c F_c)$ with
 * $\alpha_c = \frac1{HW}\sum_{ij} \partial y / \partial F_{ijc}$.
 *
 * Behind global average pooling the gradient is the same at every place, so that the mean in
 * $\alpha_c$ loses nothing; behind flattening parts of it may cancel: see {@link slopeUnevenness}.
 *
 * @param map F, the encoder's map of one image. @shape [channels, height, width]
 * @param slope of the value y to the map; the same shape
 * @source Selvaraju et al. 2017, "Grad-CAM", Eqs. 1 and 2
 */
export function gradCam(
  map: ArrayLike<number>,
  slope: ArrayLike<number>,
  shape: { readonly height: number; readonly width: number },
): PlaceMap {
  const { height, width } = shape;
  const places = height * width;
  if (map.length !== slope.length || map.length % places !== 0) {
    throw new InputError(
      "E_SHAPE",
      `gradCam: map and slope must both be channels · ${height} · ${width}; got ${map.length} and ` +
        `${slope.length} numbers`,
    );
  }
  const data = new Float64Array(places);
  for (let first = 0; first < map.length; first += places) {
    let alpha = 0;
    for (let i = 0; i < places; i++) alpha += slope[first + i] / places;
    for (let i = 0; i < places; i++) data[i] += alpha * map[first + i];
  }
  return { data: data.map((value) => Math.max(0, value)), height, width };
}

/**
 * How unevenly a gradient lies over places: its variance within channels over its mean square, 0
 * where every channel's gradient is the same everywhere, as behind global average pooling; 0 for a
 * gradient of nothing.
 */
export function slopeUnevenness(slope: ArrayLike<number>, places: number): number {
  let within = 0;
  let square = 0;
  for (let first = 0; first < slope.length; first += places) {
    let mean = 0;
    for (let i = 0; i < places; i++) mean += slope[first + i] / places;
    for (let i = 0; i < places; i++) {
      within += (slope[first + i] - mean) ** 2;
      square += slope[first + i] ** 2;
    }
  }
  return square === 0 ? 0 : within / square;
}

/**
 * A map drawn larger, by linear interpolation between the centres of its places; beyond the
 * outermost centres it stays level.
 */
export function enlarge(map: PlaceMap, height: number, width: number): PlaceMap {
  const data = new Float64Array(height * width);
  const sample = (position: number, length: number): readonly [number, number, number] => {
    const at = Math.min(length - 1, Math.max(0, position - 0.5));
    const low = Math.min(length - 1, Math.floor(at));
    return [low, Math.min(length - 1, low + 1), at - low];
  };
  for (let y = 0; y < height; y++) {
    const [top, bottom, down] = sample(((y + 0.5) * map.height) / height, map.height);
    for (let x = 0; x < width; x++) {
      const [left, right, across] = sample(((x + 0.5) * map.width) / width, map.width);
      const row = (from: number): number =>
        (1 - across) * map.data[from * map.width + left] +
        across * map.data[from * map.width + right];
      data[y * width + x] = (1 - down) * row(top) + down * row(bottom);
    }
  }
  return { data, height, width };
}

/** Where a map's mass lies, beside a mask. */
export interface Focus {
  /** Share of the mass that lies inside; null for a map of nothing. */
  readonly inside: number | null;
  /** Share of the places that lie inside: what an even map would have. */
  readonly area: number;
}

/** How much of a map lies on the places that a mask marks with 1. */
export function focusOn({ data }: PlaceMap, mask: ArrayLike<number>): Focus {
  if (mask.length !== data.length) {
    throw new InputError(
      "E_SHAPE",
      `focusOn: needs one mask value a place; got ${mask.length} for ${data.length}`,
    );
  }
  let inside = 0;
  let total = 0;
  let area = 0;
  data.forEach((value, i) => {
    total += value;
    if (mask[i] === 1) {
      inside += value;
      area++;
    }
  });
  return { inside: total > 0 ? inside / total : null, area: area / data.length };
}
