import { walkTree1 } from "./btree1.js";
import { Cursor, damaged, type Hdf5Bytes, undefinedAddress, unsupported } from "./cursor.js";
import { type Filter, unpackChunk } from "./filters.js";

/** How the elements of a dataset lie in the file. */
export type DataLayout =
  | { readonly kind: "compact"; readonly data: Uint8Array }
  | { readonly kind: "contiguous"; readonly address: number }
  | { readonly kind: "chunked"; readonly address: number; readonly chunkShape: readonly number[] };

/** Reads a data layout message, versions 1 to 3. */
export function readLayout(body: Cursor): DataLayout {
  const version = body.u8();
  if (version === 3 || version === 4) return readLayout3(body, version);
  if (version > 4) throw unsupported(`data layout version must be 1 to 4; got ${version}`);
  if (version === 0) throw damaged("a data layout has version 0");
  const rank = body.u8();
  const kind = body.u8();
  body.skip(5);
  const address = kind === 0 ? undefinedAddress : body.address();
  const shape = Array.from({ length: rank }, () => body.u32());
  if (kind === 0) return { kind: "compact", data: body.take(body.u32()) };
  if (kind === 1) return { kind: "contiguous", address };
  return { kind: "chunked", address, chunkShape: shape.slice(0, -1) };
}

function readLayout3(body: Cursor, version: number): DataLayout {
  const kind = body.u8();
  if (kind === 0) return { kind: "compact", data: body.take(body.u16()) };
  if (kind === 1) return { kind: "contiguous", address: body.address() };
  if (kind !== 2) throw unsupported(`data layout must be 0, 1 or 2; got ${kind}`);
  if (version === 4) {
    throw unsupported(
      "chunk indexes of HDF5 1.10 are not read; rewrite the file with h5repack --high=2",
    );
  }
  const rank = body.u8();
  const address = body.address();
  // The last length is that of one element in bytes.
  const chunkShape = Array.from({ length: Math.max(0, rank - 1) }, () => body.u32());
  return { kind: "chunked", address, chunkShape };
}

/** What is needed to gather a dataset's bytes. */
export interface Gather {
  readonly layout: DataLayout;
  readonly filters: readonly Filter[];
  readonly shape: readonly number[];
  readonly elementSize: number;
  /** One element where nothing was written; zero if absent. */
  readonly fill: Uint8Array | undefined;
}

/** The bytes of a dataset's elements, row-major. */
export function gatherBytes(file: Hdf5Bytes, options: Gather): Uint8Array {
  const { layout, shape, elementSize, fill } = options;
  const size = checkedSize(file, shape, elementSize);
  if (layout.kind === "compact") {
    if (layout.data.length < size) throw damaged(`a dataset needs ${size} bytes of data`);
    return layout.data.subarray(0, size);
  }
  if (layout.kind === "contiguous" && layout.address !== undefinedAddress) {
    return new Cursor(file, layout.address).take(size);
  }
  const out = new Uint8Array(size);
  if (fill !== undefined && fill.some((byte) => byte !== 0)) {
    for (let at = 0; at < size; at += elementSize) out.set(fill, at);
  }
  if (layout.kind === "chunked") gatherChunks(file, { ...options, layout, out });
  return out;
}

/** Deflate packs 1032 bytes into one at best; a claim of more than that is damage, not data. */
function checkedSize(file: Hdf5Bytes, shape: readonly number[], elementSize: number): number {
  const size = shape.reduce((product, length) => product * length, elementSize);
  const most = Math.min(2 ** 31, 2 ** 20 + file.bytes.length * 1032);
  if (!(size <= most)) {
    throw damaged(`an array of [${shape.join(", ")}] needs ${size} bytes, too many for this file`);
  }
  return size;
}

function gatherChunks(
  file: Hdf5Bytes,
  options: Gather & { readonly layout: DataLayout & { kind: "chunked" }; readonly out: Uint8Array },
): void {
  const { layout, filters, shape, elementSize, out } = options;
  const { chunkShape } = layout;
  const rank = shape.length;
  if (chunkShape.length !== rank || chunkShape.some((length) => length < 1)) {
    throw damaged(`chunks of [${chunkShape.join(", ")}] do not fit an array of rank ${rank}`);
  }
  const size = checkedSize(file, chunkShape, elementSize);
  const seen = new Set<string>();
  const keyLength = 8 + 8 * (rank + 1);
  walkTree1(file, { address: layout.address, kind: "chunks", keyLength }, (key, address) => {
    const packedSize = key.u32();
    const mask = key.u32();
    const origin = shape.map(() => key.uint(8));
    const isPlace = origin.every(
      (start, axis) => start >= 0 && start < shape[axis] && start % chunkShape[axis] === 0,
    );
    // A dataset that was shrunk may keep chunks outside; the library leaves them out as well.
    if (!isPlace && origin.some((start, axis) => start >= shape[axis])) return;
    const place = origin.join();
    if (!isPlace || seen.has(place)) throw damaged(`a chunk stands at [${place}]`);
    seen.add(place);
    const packed = new Cursor(file, address).take(packedSize);
    placeChunk(unpackChunk(packed, filters, { mask, size }), { ...options, out, origin });
  });
}

/** Copies the part of a chunk that lies inside the array, row by row. */
function placeChunk(
  chunk: Uint8Array,
  options: {
    readonly layout: DataLayout & { kind: "chunked" };
    readonly shape: readonly number[];
    readonly elementSize: number;
    readonly out: Uint8Array;
    readonly origin: readonly number[];
  },
): void {
  const { shape, elementSize, out, origin } = options;
  const { chunkShape } = options.layout;
  const extent = shape.map((length, axis) => Math.min(chunkShape[axis], length - origin[axis]));
  const last = shape.length - 1;
  const rowBytes = extent[last] * elementSize;
  const copy = (axis: number, from: number, to: number): void => {
    if (axis === last) {
      const start = from * chunkShape[last] * elementSize;
      out.set(
        chunk.subarray(start, start + rowBytes),
        (to * shape[last] + origin[last]) * elementSize,
      );
      return;
    }
    for (let i = 0; i < extent[axis]; i++) {
      copy(axis + 1, from * chunkShape[axis] + i, to * shape[axis] + origin[axis] + i);
    }
  };
  copy(0, 0, 0);
}
