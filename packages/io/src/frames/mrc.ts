import { decodeElements, elementWidth, type ElementType } from "../elements.js";
import { framesOf, type MicroscopeFrame, refuseFrame } from "./frame.js";

const headerLength = 1024;

/** Element types by mode; 3 and 4 are complex. */
const elementOf: { readonly [mode: number]: ElementType } = {
  0: "i1",
  1: "i2",
  2: "f4",
  6: "u2",
  12: "f2",
};

/** Whether bytes carry the mark "MAP " of an MRC2014 header, at byte 208. */
export function isMrc(bytes: Uint8Array): boolean {
  const mark = String.fromCharCode(...bytes.subarray(208, 212));
  return bytes.length >= headerLength && (mark === "MAP " || mark === "MAP\0");
}

/**
 * Frames of an MRC file, modes 0, 1, 2, 6 and 12. Rows keep the order of the file, as in other
 * readers, although programs that count from the lower left show it upside down.
 *
 * @source Cheng et al., MRC2014: extensions to the MRC format header (2015)
 */
export function readMrc(bytes: Uint8Array): MicroscopeFrame[] {
  if (bytes.length < headerLength) {
    throw refuseFrame(`an MRC header takes ${headerLength} bytes; got ${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // The machine stamp says 0x11 for big-endian and 0x44 for little-endian; some write none.
  const littleEndian = bytes[212] !== 0x11;
  const int = (word: number): number => view.getInt32(4 * word, littleEndian);
  const float = (word: number): number => view.getFloat32(4 * word, littleEndian);
  const [width, height, count, mode] = [int(0), int(1), int(2), int(3)];
  const type = elementOf[mode];
  if (type === undefined) {
    throw refuseFrame(
      `MRC mode must be 0, 1, 2, 6 or 12; got ${mode}${mode === 3 || mode === 4 ? ", complex numbers" : ""}`,
    );
  }
  const extended = int(23);
  const start = headerLength + extended;
  const size = width * height * count * elementWidth(type);
  if (width < 1 || height < 1 || count < 1 || extended < 0 || !(start + size <= bytes.length)) {
    throw refuseFrame(
      `an MRC file of ${width} × ${height} × ${count} needs ${start + size} bytes; got ${bytes.length}`,
    );
  }
  const array = decodeElements(bytes.subarray(start, start + size), type, [count, height, width], {
    littleEndian,
  });
  // Cell lengths are in angstrom and belong to mx × my samples; 0 stands for unknown.
  const cell = (axis: number): number | null => {
    const length = float(10 + axis) / int(7 + axis);
    return length > 0 && Number.isFinite(length) ? length : null;
  };
  return framesOf({
    format: "mrc",
    detail: `mode ${mode}`,
    array,
    pixelSizes: [cell(0), cell(1)],
    metadata: { mode, extendedHeaderBytes: extended },
  });
}
