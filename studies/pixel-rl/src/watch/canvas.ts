type Rgb = readonly [red: number, green: number, blue: number];

/** Digits in a grid of 3 × 5 dots, a row in three bits from the top. */
const digits: { readonly [digit: string]: readonly number[] } = {
  "0": [7, 5, 5, 5, 7],
  "1": [2, 6, 2, 2, 7],
  "2": [7, 1, 7, 4, 7],
  "3": [7, 1, 7, 1, 7],
  "4": [5, 5, 7, 1, 1],
  "5": [7, 4, 7, 1, 7],
  "6": [7, 4, 7, 5, 7],
  "7": [7, 1, 1, 2, 2],
  "8": [7, 5, 7, 5, 7],
  "9": [7, 5, 7, 1, 7],
  "-": [0, 0, 7, 0, 0],
  ".": [0, 0, 0, 0, 2],
};

/** A picture being drawn: rectangles and numbers in plain colours. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  /** One byte a colour part. @shape [height, width, 3] */
  readonly pixels: Uint8Array;

  constructor(width: number, height: number, background: Rgb) {
    this.width = width;
    this.height = height;
    this.pixels = new Uint8Array(width * height * 3);
    this.paint({ left: 0, top: 0, width, height }, background);
  }

  /** Paints a rectangle; what lies outside the picture is left out. */
  paint(
    box: {
      readonly left: number;
      readonly top: number;
      readonly width: number;
      readonly height: number;
    },
    colour: Rgb,
  ): void {
    const end = Math.min(this.height, Math.round(box.top + box.height));
    const right = Math.min(this.width, Math.round(box.left + box.width));
    for (let y = Math.max(0, Math.round(box.top)); y < end; y++) {
      for (let x = Math.max(0, Math.round(box.left)); x < right; x++) {
        this.pixels.set(colour, (y * this.width + x) * 3);
      }
    }
  }

  /** Writes a number in dots of 2 × 2 pixels, 10 pixels high and 8 a digit. */
  write(text: string, left: number, top: number, colour: Rgb): void {
    const dot = 2;
    [...text].forEach((digit, index) =>
      (digits[digit] ?? []).forEach((row, y) => {
        for (let x = 0; x < 3; x++) {
          if (((row >> (2 - x)) & 1) === 0) continue;
          const at = { left: left + (index * 4 + x) * dot, top: top + y * dot };
          this.paint({ ...at, width: dot, height: dot }, colour);
        }
      }),
    );
  }
}
