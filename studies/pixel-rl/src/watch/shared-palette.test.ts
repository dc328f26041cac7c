import { expect, test } from "vitest";
import { Canvas } from "./canvas.js";
import { encodeGif, encodeStrip } from "./encode.js";
import { shareColours } from "./shared-palette.js";

/** A picture of 32 × 32 colours, none of them twice. */
function gradient(blue: number): Canvas {
  const canvas = new Canvas(32, 32, [0, 0, 0]);
  for (let y = 0; y < 32; y++) {
    for (let x = 0; x < 32; x++) {
      canvas.paint({ left: x, top: y, width: 1, height: 1 }, [8 * x, 8 * y, blue]);
    }
  }
  return canvas;
}

const shown = ({ palette, indexed }: ReturnType<typeof shareColours>, picture: number) =>
  [...indexed[picture]].flatMap((place) => [...palette[place]]);

test("256 colours or fewer stay as they are", () => {
  const canvas = new Canvas(16, 16, [0, 0, 0]);
  for (let i = 0; i < 256; i++) {
    canvas.paint({ left: i % 16, top: i >> 4, width: 1, height: 1 }, [i, 255 - i, 7]);
  }
  const shared = shareColours([canvas, canvas]);
  expect(shared.palette).toHaveLength(256);
  expect(shown(shared, 1)).toEqual([...canvas.pixels]);
});

test("more colours become 256, each close to its own", () => {
  const pictures = [gradient(0), gradient(200)];
  const shared = shareColours(pictures);
  expect(shared.palette.length).toBeLessThanOrEqual(256);
  const errors = pictures.flatMap(({ pixels }, picture) =>
    shown(shared, picture).map((part, i) => Math.abs(part - pixels[i])),
  );
  // 2048 colours in 256: eight neighbours share one, of 8 steps of red and green each.
  expect(Math.max(...errors)).toBeLessThan(40);
  expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(8);
});

test("a film and a strip of more than 256 colours are written", () => {
  const pictures = [gradient(0), gradient(200)];
  expect(String.fromCharCode(...encodeGif(pictures, { framesPerSecond: 10 }).slice(0, 6))).toBe(
    "GIF89a",
  );
  const strip = encodeStrip(pictures);
  expect(new DataView(strip.buffer, strip.byteOffset).getUint32(20)).toBe(64);
});
