import { unzlibSync } from "fflate";
import { refuseFrame } from "./frame.js";

/** Unpacks one strip or tile: plain, LZW, deflate or PackBits; exactly `size` bytes come out. */
export function unpackTiff(
  packed: Uint8Array,
  { compression, size }: { readonly compression: number; readonly size: number },
): Uint8Array {
  const out = unpackers[compression]?.(packed, size);
  if (out === undefined) {
    throw refuseFrame(
      `TIFF compression must be none, LZW, deflate or PackBits; got number ${compression}`,
    );
  }
  if (out.length < size) {
    throw refuseFrame(`a block of the TIFF file must unpack to ${size} bytes; got ${out.length}`);
  }
  return out.subarray(0, size);
}

const unpackers: {
  readonly [compression: number]: (packed: Uint8Array, size: number) => Uint8Array;
} = {
  1: (packed) => packed,
  5: unpackLzw,
  8: inflate,
  32773: unpackBits,
  32946: inflate,
};

function inflate(packed: Uint8Array, size: number): Uint8Array {
  try {
    return unzlibSync(packed, { out: new Uint8Array(size) });
  } catch (cause) {
    throw refuseFrame("a block of the TIFF file cannot be inflated; the file is damaged", cause);
  }
}

/** Runs: 0 … 127 copies that many bytes and one, 129 … 255 repeats one byte 257 − n times. */
function unpackBits(packed: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  let at = 0;
  for (let i = 0; i < packed.length && at < size;) {
    const n = packed[i++];
    if (n < 128) {
      out.set(packed.subarray(i, i + Math.min(n + 1, size - at)), at);
      at += n + 1;
      i += n + 1;
    } else if (n > 128) {
      out.fill(packed[i++], at, Math.min(size, at + 257 - n));
      at += 257 - n;
    }
  }
  return out.subarray(0, Math.min(at, size));
}

const clearCode = 256;
const endCode = 257;

/** TIFF's LZW: codes of 9 to 12 bits, highest bit first, widened one code early. */
function unpackLzw(packed: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  // Entry n is the string of entry prefix[n] and one byte more.
  const prefix = new Uint16Array(4096);
  const suffix = new Uint8Array(4096);
  const lengths = new Uint16Array(4096);
  for (let i = 0; i < 256; i++) {
    suffix[i] = i;
    lengths[i] = 1;
  }
  let next = 258;
  let width = 9;
  let previous = -1;
  let at = 0;
  let bits = 0;
  let numBits = 0;
  for (let i = 0; at < size;) {
    while (numBits < width && i < packed.length) {
      bits = ((bits << 8) | packed[i++]) & 0xffffff;
      numBits += 8;
    }
    if (numBits < width) break;
    numBits -= width;
    const code = (bits >>> numBits) & ((1 << width) - 1);
    if (code === endCode) break;
    if (code === clearCode) {
      next = 258;
      width = 9;
      previous = -1;
      continue;
    }
    if (code > next || (code === next && previous < 0)) {
      throw refuseFrame("a block of the TIFF file has an LZW code out of place; it is damaged");
    }
    const isNew = code === next;
    const source = isNew ? previous : code;
    const length = lengths[source];
    let first = source;
    for (let k = length - 1, entry = source; k >= 0; k--) {
      if (at + k < size) out[at + k] = suffix[entry];
      first = entry;
      entry = prefix[entry];
    }
    at += length;
    if (isNew && at < size) out[at] = suffix[first];
    if (isNew) at++;
    if (previous >= 0 && next < 4096) {
      prefix[next] = previous;
      suffix[next] = suffix[first];
      lengths[next] = lengths[previous] + 1;
      next++;
    }
    previous = code;
    if (next >= (1 << width) - 1 && width < 12) width++;
  }
  return out.subarray(0, Math.min(at, size));
}

/** Undoes horizontal differencing (2) and that of floats sorted by byte (3). */
export function undoPredictor(
  data: Uint8Array,
  options: {
    readonly predictor: number;
    readonly rowBytes: number;
    readonly sampleWidth: number;
    readonly perPixel: number;
    readonly littleEndian: boolean;
  },
): Uint8Array {
  const { predictor, rowBytes, sampleWidth, perPixel, littleEndian } = options;
  if (predictor === 1) return data;
  if (predictor !== 2 && predictor !== 3) {
    throw refuseFrame(`TIFF predictor must be 1, 2 or 3; got ${predictor}`);
  }
  const out = data.slice();
  const view = new DataView(out.buffer);
  for (let row = 0; row + rowBytes <= out.length; row += rowBytes) {
    const end = row + rowBytes;
    if (predictor === 3) {
      for (let i = row + perPixel; i < end; i++) out[i] += out[i - perPixel];
      // The bytes of a row stand sorted by significance, highest first.
      const sorted = out.slice(row, end);
      const samples = rowBytes / sampleWidth;
      for (let i = 0; i < samples; i++) {
        for (let byte = 0; byte < sampleWidth; byte++) {
          out[row + i * sampleWidth + byte] = sorted[byte * samples + i];
        }
      }
      continue;
    }
    for (let at = row + perPixel * sampleWidth; at < end; at += sampleWidth) {
      const before = at - perPixel * sampleWidth;
      if (sampleWidth === 1) out[at] += out[before];
      else if (sampleWidth === 2) {
        const sum = view.getUint16(at, littleEndian) + view.getUint16(before, littleEndian);
        view.setUint16(at, sum & 0xffff, littleEndian);
      } else if (sampleWidth === 4) {
        const sum = view.getUint32(at, littleEndian) + view.getUint32(before, littleEndian);
        view.setUint32(at, sum >>> 0, littleEndian);
      } else {
        const sum = view.getBigUint64(at, littleEndian) + view.getBigUint64(before, littleEndian);
        view.setBigUint64(at, BigInt.asUintN(64, sum), littleEndian);
      }
    }
  }
  return out;
}
