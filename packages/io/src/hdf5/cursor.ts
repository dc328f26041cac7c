import { InputError } from "@quadrivium/core";

/** Sizes that a file fixes once in its superblock, and its bytes. */
export interface Hdf5Bytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Where addresses count from. */
  readonly base: number;
  /** Bytes of an address. */
  readonly offsetSize: number;
  /** Bytes of a length. */
  readonly lengthSize: number;
  /** Counts one structure read; refuses more in a request than a file of this size can hold. */
  readonly spend: () => void;
  /** Begins to count anew, at each request. */
  readonly restart: () => void;
}

/** An address that stands for "nowhere". */
export const undefinedAddress = -1;

/** Reads little-endian fields one after another and refuses to read beyond its end. */
export class Cursor {
  readonly file: Hdf5Bytes;
  readonly end: number;
  at: number;

  constructor(file: Hdf5Bytes, at: number, end: number = file.bytes.length) {
    if (!(at >= 0 && at <= end && end <= file.bytes.length)) {
      throw damaged(`a structure at byte ${at} lies outside the file of ${file.bytes.length}`);
    }
    this.file = file;
    this.end = end;
    this.at = at;
  }

  /** Steps over bytes and gives the place of the first. */
  skip(length: number): number {
    const start = this.at;
    if (!(length >= 0 && start + length <= this.end)) {
      throw damaged(`the file ends inside a structure at byte ${start}`);
    }
    this.at = start + length;
    return start;
  }

  u8(): number {
    return this.file.bytes[this.skip(1)];
  }

  u16(): number {
    return this.file.view.getUint16(this.skip(2), true);
  }

  u32(): number {
    return this.file.view.getUint32(this.skip(4), true);
  }

  /** A whole number of 1 to 8 bytes; all ones reads as {@link undefinedAddress}. */
  uint(width: number): number {
    const at = this.skip(width);
    let value = 0;
    let isUndefined = true;
    for (let i = width - 1; i >= 0; i--) {
      const byte = this.file.bytes[at + i];
      value = value * 256 + byte;
      isUndefined &&= byte === 0xff;
    }
    if (isUndefined) return undefinedAddress;
    if (!Number.isSafeInteger(value))
      throw damaged(`a size or address is beyond 2^53 at byte ${at}`);
    return value;
  }

  /** An address, from the start of the bytes; {@link undefinedAddress} where none is set. */
  address(): number {
    const value = this.uint(this.file.offsetSize);
    return value === undefinedAddress ? undefinedAddress : value + this.file.base;
  }

  /** A length, which must be set. */
  length(): number {
    const value = this.uint(this.file.lengthSize);
    if (value === undefinedAddress) throw damaged(`a length is not set at byte ${this.at}`);
    return value;
  }

  take(length: number): Uint8Array {
    const at = this.skip(length);
    return this.file.bytes.subarray(at, at + length);
  }

  /** Text up to a zero byte, which is stepped over. */
  text(): string {
    const zero = this.file.bytes.indexOf(0, this.at);
    if (zero < 0 || zero >= this.end) throw damaged(`a name has no end at byte ${this.at}`);
    const text = utf8(this.take(zero - this.at));
    this.at++;
    return text;
  }

  /** Checks four letters or the like that open a structure. */
  expect(signature: string): void {
    const at = this.at;
    if (ascii(this.take(signature.length)) !== signature) {
      throw damaged(`expected "${signature}" at byte ${at}`);
    }
  }
}

/** Bytes as letters, one for one. */
export function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** Bytes as text. */
export function utf8(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** The error of a file that is damaged. */
export function damaged(rule: string): InputError {
  return new InputError("E_HDF5", `openHdf5: ${rule}; the file is damaged or cut short`);
}

/** The error of a file that may be sound but holds what is not read here. */
export function unsupported(rule: string): InputError {
  return new InputError("E_HDF5", `openHdf5: ${rule}`);
}
