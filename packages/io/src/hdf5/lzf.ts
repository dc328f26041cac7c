import { damaged } from "./cursor.js";

/** Longest run of a back reference whose length fits the control byte's three bits. */
const longLength = 7;

/**
 * Unpacks LZF: control bytes below 32 precede so many literal bytes and one more; others hold three
 * bits of length and, with the byte behind, thirteen bits of distance back. A length of 7 goes on in
 * a byte of its own.
 *
 * @param size bytes when unpacked: fewer or more are damage
 * @throws E_HDF5 if a run or a reference leaves the data
 * @source Format of liblzf by M. Lehmann, as h5py's filter 32000 packs chunks
 */
export function unlzf(packed: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  let from = 0;
  let to = 0;
  const next = (): number => {
    if (from >= packed.length) throw damaged("an LZF chunk is cut short");
    return packed[from++];
  };
  while (from < packed.length) {
    const control = next();
    const isLiteral = control < 32;
    const bits = control >> 5;
    const length = isLiteral ? control + 1 : 2 + bits + (bits === longLength ? next() : 0);
    const back = isLiteral ? 0 : 1 + ((control & 31) << 8) + next();
    if (back > to || to + length > size || (isLiteral && from + length > packed.length)) {
      throw damaged("an LZF chunk holds what does not fit it");
    }
    // a reference may reach into what it is itself writing: byte by byte
    for (const end = to + length; to < end; to++) {
      out[to] = isLiteral ? packed[from++] : out[to - back];
    }
  }
  if (to !== size) throw damaged(`an LZF chunk must hold ${size} bytes; got ${to}`);
  return out;
}
