import { hostArray } from "@quadrivium/core";
import { decode } from "fast-png";
import { framesOf, type MicroscopeFrame, refuseFrame } from "./frame.js";

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Whether bytes begin as a PNG image does. */
export function isPng(bytes: Uint8Array): boolean {
  return signature.every((byte, i) => bytes[i] === byte);
}

/**
 * The frame of a PNG image of 1 to 16 bits: gray, with or without alpha, or colours, whose three
 * channels are averaged. Alpha is left out.
 */
export function readPngFrame(bytes: Uint8Array): MicroscopeFrame[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33) throw refuseFrame("the PNG file is cut short");
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  // Deflate packs 1032 bytes into one at best, and a pixel takes at least one bit.
  if (width * height > bytes.length * 1032 * 8) {
    throw refuseFrame(
      `a PNG file of ${bytes.length} bytes cannot hold ${width} × ${height} pixels`,
    );
  }
  const image = decodePng(bytes);
  const { channels } = image;
  const palette = image.palette;
  const counts = new Float32Array(image.width * image.height);
  const values = image.depth < 8 ? unpackBits(image.data, image) : image.data;
  for (let i = 0; i < counts.length; i++) {
    if (palette !== undefined) {
      const colour = palette[values[i]];
      if (colour === undefined) throw refuseFrame(`PNG palette lacks colour ${values[i]}`);
      counts[i] = (colour[0] + colour[1] + colour[2]) / 3;
    } else if (channels < 3) counts[i] = values[i * channels];
    else {
      const at = i * channels;
      counts[i] = (values[at] + values[at + 1] + values[at + 2]) / 3;
    }
  }
  const kind = palette !== undefined ? "palette" : channels < 3 ? "gray" : "colour";
  return framesOf({
    format: "png",
    detail: `${kind}, ${image.depth} bits`,
    array: hostArray(counts, [image.height, image.width]),
    metadata: { depth: image.depth, channels },
  });
}

function decodePng(bytes: Uint8Array): ReturnType<typeof decode> {
  try {
    return decode(bytes, { checkCrc: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw refuseFrame(`the PNG file is damaged: ${reason.slice(0, 120)}`, cause);
  }
}

/** One value a pixel out of rows of packed bits. */
function unpackBits(
  data: ArrayLike<number>,
  { width, height, depth }: { width: number; height: number; depth: number },
): Uint8Array {
  const rowBytes = Math.ceil((width * depth) / 8);
  const out = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      const byte = data[y * rowBytes + (bit >>> 3)];
      out[y * width + x] = (byte >>> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
    }
  }
  return out;
}
