import { InputError } from "@quadrivium/core";
import { unzlibSync } from "fflate";
import { type Cursor, damaged, unsupported } from "./cursor.js";
import { unlzf } from "./lzf.js";

/** One step by which chunks were packed. */
export interface Filter {
  readonly id: number;
  readonly name: string;
  readonly values: readonly number[];
}

const deflate = 1;
const shuffle = 2;
const fletcher32 = 3;
const lzf = 32_000;

/** Reads a filter pipeline message, versions 1 and 2. */
export function readFilters(body: Cursor): Filter[] {
  const version = body.u8();
  if (version !== 1 && version !== 2) {
    throw unsupported(`filter pipeline version must be 1 or 2; got ${version}`);
  }
  const count = body.u8();
  if (version === 1) body.skip(6);
  return Array.from({ length: count }, () => {
    const id = body.u16();
    const nameLength = version === 1 || id >= 256 ? body.u16() : 0;
    body.skip(2); // whether the filter may be left out
    const numValues = body.u16();
    const name = new TextDecoder().decode(body.take(nameLength)).replace(/\0.*$/s, "");
    const values = Array.from({ length: numValues }, () => body.u32());
    if (version === 1 && numValues % 2 === 1) body.skip(4);
    return { id, name, values };
  });
}

/**
 * Undoes the filters of one chunk.
 *
 * @param options.mask bit i is set where filter i was left out for this chunk
 * @param options.size bytes of the chunk when unpacked; never more are made
 */
export function unpackChunk(
  packed: Uint8Array,
  filters: readonly Filter[],
  options: { readonly mask: number; readonly size: number },
): Uint8Array {
  let data = packed;
  for (let i = filters.length - 1; i >= 0; i--) {
    if ((options.mask >>> i) & 1) continue;
    const { id, name, values } = filters[i];
    if (id === deflate) data = inflate(data, options.size + 4);
    else if (id === lzf) data = unlzf(data, options.size);
    else if (id === shuffle) data = unshuffle(data, values[0] ?? 1);
    else if (id === fletcher32) data = checkFletcher32(data);
    else {
      throw unsupported(
        `chunks must be packed by deflate, LZF, shuffle and fletcher32 alone; got filter ${id} ${name}`,
      );
    }
  }
  if (data.length !== options.size) {
    throw damaged(`a chunk must have ${options.size} bytes; got ${data.length}`);
  }
  return data;
}

function inflate(data: Uint8Array, most: number): Uint8Array {
  try {
    // A checksum may stand inside; fflate stops where the buffer ends.
    return unzlibSync(data, { out: new Uint8Array(most) });
  } catch (cause) {
    throw new InputError("E_HDF5", "openHdf5: a chunk cannot be inflated; the file is damaged", {
      cause,
    });
  }
}

/** Puts together bytes that were sorted by their place in the element. */
function unshuffle(data: Uint8Array, width: number): Uint8Array {
  if (width <= 1) return data;
  const count = Math.floor(data.length / width);
  const out = data.slice(); // what does not fill an element stays at the end
  for (let byte = 0; byte < width; byte++) {
    for (let i = 0; i < count; i++) out[i * width + byte] = data[byte * count + i];
  }
  return out;
}

/** Checks and removes the sum behind the data: 16-bit big-endian words, modulo 65535. */
function checkFletcher32(data: Uint8Array): Uint8Array {
  if (data.length < 4) throw damaged("a chunk lacks its checksum");
  const body = data.subarray(0, data.length - 4);
  let sum1 = 0;
  let sum2 = 0;
  for (let i = 0; i < body.length; i += 2) {
    sum1 = (sum1 + body[i] * 256 + (i + 1 < body.length ? body[i + 1] : 0)) % 65535;
    sum2 = (sum2 + sum1) % 65535;
  }
  const stored = new DataView(data.buffer, data.byteOffset + body.length, 4).getUint32(0, true);
  // 0 and 65535 are the same sum, and writers differ in which they store.
  const isSame = (a: number, b: number): boolean => a % 65535 === b % 65535;
  if (!isSame(stored >>> 16, sum2) || !isSame(stored & 0xffff, sum1)) {
    throw damaged("a chunk does not match its checksum");
  }
  return body;
}
