import { InputError } from "@quadrivium/core";

const crcTable = Uint32Array.from({ length: 256 }, (_, i) => {
  let crc = i;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

/** CRC-32C (Castagnoli) of bytes. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ crcTable[(crc ^ byte) & 0xff];
  return ~crc >>> 0;
}

/** The checksum as TFRecord stores it: rotated by 15 bits and shifted. */
function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

const headLength = 12;

/**
 * Reads the records of a TFRecord file; each length and each payload is checked by its sum.
 *
 * @throws E_TFRECORD if the file is cut short or damaged
 * @source TensorFlow, `record_writer.h`
 */
export function readTfRecords(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const damaged = (rule: string): InputError =>
      new InputError("E_TFRECORD", `readTfRecords: record ${records.length} ${rule}`);
    if (at + headLength > bytes.length) throw damaged("is cut short");
    if (view.getUint32(at + 8, true) !== maskedCrc(bytes.subarray(at, at + 8))) {
      throw damaged("has a damaged length");
    }
    const length = Number(view.getBigUint64(at, true));
    const end = at + headLength + length;
    if (!(end + 4 <= bytes.length)) throw damaged("is cut short");
    const payload = bytes.subarray(at + headLength, end);
    if (view.getUint32(end, true) !== maskedCrc(payload)) throw damaged("has damaged content");
    records.push(payload);
    at = end + 4;
  }
  return records;
}

/** Writes a TFRecord file. */
export function writeTfRecords(records: readonly Uint8Array[]): Uint8Array {
  const total = records.reduce((sum, record) => sum + record.length + headLength + 4, 0);
  const out = new Uint8Array(total);
  const view = new DataView(out.buffer);
  let at = 0;
  for (const record of records) {
    view.setBigUint64(at, BigInt(record.length), true);
    view.setUint32(at + 8, maskedCrc(out.subarray(at, at + 8)), true);
    out.set(record, at + headLength);
    view.setUint32(at + headLength + record.length, maskedCrc(record), true);
    at += headLength + record.length + 4;
  }
  return out;
}
