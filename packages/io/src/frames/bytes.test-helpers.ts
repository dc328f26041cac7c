/** Puts a file together field by field. */
export class ByteWriter {
  readonly parts: number[] = [];
  readonly littleEndian: boolean;

  constructor(littleEndian: boolean) {
    this.littleEndian = littleEndian;
  }

  raw(bytes: Iterable<number>): this {
    for (const byte of bytes) this.parts.push(byte);
    return this;
  }

  ascii(text: string): this {
    return this.raw(new TextEncoder().encode(text));
  }

  uint(value: number, width: number, littleEndian = this.littleEndian): this {
    const bytes = Array.from({ length: width }, (_, i) => Math.floor(value / 256 ** i) & 255);
    return this.raw(littleEndian ? bytes : bytes.toReversed());
  }

  float32(value: number): this {
    const view = new DataView(new ArrayBuffer(4));
    view.setFloat32(0, value, this.littleEndian);
    return this.raw(new Uint8Array(view.buffer));
  }

  float64(value: number): this {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value, this.littleEndian);
    return this.raw(new Uint8Array(view.buffer));
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.parts);
  }
}
