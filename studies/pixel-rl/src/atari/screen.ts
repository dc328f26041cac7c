/** Height and width of what an agent sees of a console. */
export const seenSide = 84;

/**
 * A screen in grey: .2989 red + .5870 green + .1140 blue, rounded.
 *
 * @param screen red + 256 · green + 65536 · blue. @shape [height, width]
 */
export function toGrey(screen: Uint32Array, out: Uint8Array): void {
  for (let i = 0; i < screen.length; i++) {
    const pixel = screen[i];
    const [red, green, blue] = [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
    out[i] = Math.round(0.2989 * red + 0.587 * green + 0.114 * blue);
  }
}

/** A screen as bytes of red, green, blue. @shape [height, width, 3] */
export function toRgb(screen: Uint32Array): Uint8Array {
  const out = new Uint8Array(screen.length * 3);
  screen.forEach((pixel, i) => {
    out[3 * i] = pixel & 255;
    out[3 * i + 1] = (pixel >> 8) & 255;
    out[3 * i + 2] = (pixel >> 16) & 255;
  });
  return out;
}

/** The brighter of two pictures at every pixel: sprites that flicker stay visible. */
export function brighter(a: Uint8Array, b: Uint8Array, out: Uint8Array): void {
  for (let i = 0; i < out.length; i++) out[i] = Math.max(a[i], b[i]);
}

/**
 * Shrinks a picture by area: every new pixel is the mean over the rectangle it covers, with partly
 * covered pixels in part, rounded.
 */
export class AreaResize {
  readonly #rows: readonly Cover[];
  readonly #columns: readonly Cover[];
  readonly #width: number;
  readonly #narrow: Float64Array;

  constructor(
    from: { readonly height: number; readonly width: number },
    to: { readonly height: number; readonly width: number },
  ) {
    this.#rows = covers(from.height, to.height);
    this.#columns = covers(from.width, to.width);
    this.#width = from.width;
    this.#narrow = new Float64Array(from.height * to.width);
  }

  resize(picture: Uint8Array, out: Uint8Array): void {
    const columns = this.#columns;
    const narrow = this.#narrow;
    for (let y = 0; y * columns.length < narrow.length; y++) {
      columns.forEach(({ first, weights }, x) => {
        let sum = 0;
        for (let i = 0; i < weights.length; i++) {
          sum += weights[i] * picture[y * this.#width + first + i];
        }
        narrow[y * columns.length + x] = sum;
      });
    }
    this.#rows.forEach(({ first, weights }, y) => {
      for (let x = 0; x < columns.length; x++) {
        let sum = 0;
        for (let i = 0; i < weights.length; i++) {
          sum += weights[i] * narrow[(first + i) * columns.length + x];
        }
        out[y * columns.length + x] = Math.round(sum);
      }
    });
  }
}

/** The old places that a new one covers, with the shares of it that each makes up. */
interface Cover {
  readonly first: number;
  readonly weights: Float64Array;
}

function covers(from: number, to: number): Cover[] {
  const scale = from / to;
  return Array.from({ length: to }, (_, place) => {
    const [start, end] = [place * scale, (place + 1) * scale];
    const first = Math.floor(start + 1e-9);
    const last = Math.ceil(end - 1e-9);
    const weights = Float64Array.from({ length: last - first }, (_, i) => {
      const low = Math.max(start, first + i);
      const high = Math.min(end, first + i + 1);
      return (high - low) / scale;
    });
    return { first, weights };
  });
}
