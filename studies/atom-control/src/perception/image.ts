/** A grid of intensities, row-major; x runs right, y down, the top-left pixel's centre is (0, 0). */
export interface Image {
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** Means over blocks of `factor` × `factor` pixels; what does not fill a block is left out. */
export function binned({ values, width, height }: Image, factor: number): Image {
  if (factor === 1) return { values, width, height };
  const w = Math.floor(width / factor);
  const h = Math.floor(height / factor);
  const out = new Float32Array(w * h);
  const scale = 1 / (factor * factor);
  for (let y = 0; y < h; y++) {
    for (let dy = 0; dy < factor; dy++) {
      const row = (y * factor + dy) * width;
      for (let x = 0; x < w; x++) {
        let sum = 0;
        for (let dx = 0; dx < factor; dx++) sum += values[row + x * factor + dx];
        out[y * w + x] += sum * scale;
      }
    }
  }
  return { values: out, width: w, height: h };
}

/** Convolution with a Gaussian; beyond the border the border's pixels go on. */
export function gaussianBlur(image: Image, sigmaPx: number): Image {
  const radius = Math.max(1, Math.ceil(3 * sigmaPx));
  const kernel = new Float32Array(radius + 1);
  let total = 0;
  for (let i = 0; i <= radius; i++) {
    kernel[i] = Math.exp(-(i * i) / (2 * sigmaPx * sigmaPx));
    total += i === 0 ? kernel[i] : 2 * kernel[i];
  }
  for (let i = 0; i <= radius; i++) kernel[i] /= total;
  return convolveColumns(convolveRows(image, kernel), kernel);
}

function convolveRows({ values, width, height }: Image, kernel: Float32Array): Image {
  const radius = kernel.length - 1;
  const out = new Float32Array(values.length);
  const line = new Float32Array(width + 2 * radius);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    line.fill(values[row], 0, radius);
    line.set(values.subarray(row, row + width), radius);
    line.fill(values[row + width - 1], radius + width);
    for (let x = 0; x < width; x++) {
      const centre = x + radius;
      let sum = kernel[0] * line[centre];
      for (let i = 1; i <= radius; i++) sum += kernel[i] * (line[centre - i] + line[centre + i]);
      out[row + x] = sum;
    }
  }
  return { values: out, width, height };
}

/** Row by row, so that memory is read in order. */
function convolveColumns({ values, width, height }: Image, kernel: Float32Array): Image {
  const out = new Float32Array(values.length);
  for (let y = 0; y < height; y++) {
    const to = y * width;
    for (let x = 0; x < width; x++) out[to + x] = kernel[0] * values[to + x];
    for (let i = 1; i < kernel.length; i++) {
      const above = Math.max(0, y - i) * width;
      const below = Math.min(height - 1, y + i) * width;
      const weight = kernel[i];
      for (let x = 0; x < width; x++) {
        out[to + x] += weight * (values[above + x] + values[below + x]);
      }
    }
  }
  return { values: out, width, height };
}

/** Three running means, close to a Gaussian of this width at a cost that does not grow with it. */
export function wideBlur(image: Image, sigmaPx: number): Image {
  const radius = Math.max(1, Math.round((Math.sqrt(4 * sigmaPx * sigmaPx + 1) - 1) / 2));
  let out = image;
  for (let pass = 0; pass < 3; pass++) out = boxColumns(boxRows(out, radius), radius);
  return out;
}

function boxRows({ values, width, height }: Image, radius: number): Image {
  const out = new Float32Array(values.length);
  const last = width - 1;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let sum = 0;
    for (let i = -radius; i <= radius; i++) sum += values[row + clamp(i, last)];
    for (let x = 0; x < width; x++) {
      out[row + x] = sum / (2 * radius + 1);
      sum += values[row + clamp(x + radius + 1, last)] - values[row + clamp(x - radius, last)];
    }
  }
  return { values: out, width, height };
}

function boxColumns({ values, width, height }: Image, radius: number): Image {
  const out = new Float32Array(values.length);
  const last = height - 1;
  const sums = new Float64Array(width);
  for (let i = -radius; i <= radius; i++) {
    const row = clamp(i, last) * width;
    for (let x = 0; x < width; x++) sums[x] += values[row + x];
  }
  for (let y = 0; y < height; y++) {
    const entering = clamp(y + radius + 1, last) * width;
    const leaving = clamp(y - radius, last) * width;
    for (let x = 0; x < width; x++) {
      out[y * width + x] = sums[x] / (2 * radius + 1);
      sums[x] += values[entering + x] - values[leaving + x];
    }
  }
  return { values: out, width, height };
}

function clamp(index: number, last: number): number {
  return index < 0 ? 0 : index > last ? last : index;
}

/** The intensity between pixels, linear in x and y; beyond the border the border's own. */
export function sampled({ values, width, height }: Image, x: number, y: number): number {
  const cx = Math.min(Math.max(x, 0), width - 1.000001);
  const cy = Math.min(Math.max(y, 0), height - 1.000001);
  const x0 = Math.floor(cx);
  const y0 = Math.floor(cy);
  const fx = cx - x0;
  const at = y0 * width + x0;
  const top = values[at] + fx * (values[at + 1] - values[at]);
  const bottom = values[at + width] + fx * (values[at + width + 1] - values[at + width]);
  return top + (cy - y0) * (bottom - top);
}

/** The `share`-quantile of unsorted numbers; the input is left as it is. */
export function quantileOf(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** Median, and the standard deviation that the median absolute deviation stands for. */
export function robustSpread(values: ArrayLike<number>): { median: number; sd: number } {
  const median = quantileOf(values, 0.5);
  const away = Float64Array.from(values, (v) => Math.abs(v - median));
  return { median, sd: 1.4826 * quantileOf(away, 0.5) };
}
