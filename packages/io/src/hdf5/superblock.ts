import { Cursor, damaged, type Hdf5Bytes, undefinedAddress, unsupported } from "./cursor.js";

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]; // \x89HDF\r\n\x1a\n

/** Where the signature stands: at 0, or behind a block of the user's own at 512, 1024, 2048 … */
function signatureOffset(bytes: Uint8Array): number {
  for (let at = 0; at + 8 <= bytes.length; at = at === 0 ? 512 : 2 * at) {
    if (signature.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}

/** Whether bytes are an HDF5 file, by its signature. */
export function isHdf5(bytes: Uint8Array): boolean {
  return signatureOffset(bytes) >= 0;
}

/** Reads the superblock, versions 0 to 3, and finds the root group's object header. */
export function readSuperblock(bytes: Uint8Array): { file: Hdf5Bytes; root: number } {
  const start = signatureOffset(bytes);
  if (start < 0) throw damaged("the signature \\x89HDF must stand at byte 0, 512, 1024 …");
  let structures = 0;
  const most = 1024 + bytes.length / 8;
  const sized = (sizes: { base: number; offsetSize: number; lengthSize: number }): Hdf5Bytes => ({
    bytes,
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    ...sizes,
    spend: () => {
      if (++structures > most) throw damaged("structures point at one another without end");
    },
    restart: () => {
      structures = 0;
    },
  });
  const cursor = new Cursor(sized({ base: start, offsetSize: 8, lengthSize: 8 }), start + 8);
  const version = cursor.u8();
  if (version > 3) throw unsupported(`superblock version must be 0 to 3; got ${version}`);
  if (version < 2) cursor.skip(4);
  const offsetSize = cursor.u8();
  const lengthSize = cursor.u8();
  if (![2, 4, 8].includes(offsetSize) || ![2, 4, 8].includes(lengthSize)) {
    throw damaged(
      `addresses and lengths must take 2, 4 or 8 bytes; got ${offsetSize}, ${lengthSize}`,
    );
  }
  cursor.skip(version < 2 ? 9 : 1);
  if (version === 1) cursor.skip(4);
  const addresses = new Cursor(sized({ base: 0, offsetSize, lengthSize }), cursor.at);
  // The base address is where the signature stands, also where a tool that put a block in front
  // of the file left another value behind.
  addresses.skip(offsetSize);
  addresses.skip(offsetSize); // free space, or the superblock's extension
  const endOfFile = addresses.address();
  if (endOfFile === undefinedAddress || endOfFile > bytes.length) {
    throw damaged(`the file must have ${endOfFile} bytes; got ${bytes.length}`);
  }
  if (version < 2) addresses.skip(2 * offsetSize); // driver information, name of the root link
  const root = addresses.address() + start;
  return { file: sized({ base: start, offsetSize, lengthSize }), root };
}
