import { sha256 } from "@quadrivium/core";

/** Intensities as base64 of little-endian float32, as frames travel. */
export function encodeCounts(counts: Float32Array): string {
  const bytes = countsBytes(counts);
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(text);
}

/** The inverse of {@link encodeCounts}; `undefined` where the text is not `length` float32. */
export function decodeCounts(base64: string, length: number): Float32Array | undefined {
  let text: string;
  try {
    text = atob(base64);
  } catch {
    return undefined;
  }
  return text.length === 4 * length
    ? countsOf(Uint8Array.from(text, (character) => character.charCodeAt(0)))
    : undefined;
}

/** Bytes of intensities, little-endian on every machine: what frame files hold. */
export function countsBytes(counts: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * counts.length));
  for (let i = 0; i < counts.length; i++) view.setFloat32(4 * i, counts[i], true);
  return new Uint8Array(view.buffer);
}

/** The inverse of {@link countsBytes}. */
export function countsOf(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

/** Name of a frame's file beside the log: its content's hash. */
export function frameHash(counts: Float32Array): string {
  return sha256(countsBytes(counts));
}
