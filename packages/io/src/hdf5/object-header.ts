import { ascii, Cursor, damaged, type Hdf5Bytes, unsupported } from "./cursor.js";

/** One message of an object header: what a group, a dataset or a committed type is made of. */
export interface Message {
  readonly type: number;
  /** Whether the body is only a pointer to a message kept elsewhere. */
  readonly isShared: boolean;
  /** A cursor over the body. */
  readonly body: () => Cursor;
}

/** Numbers of the messages read here. */
export const messageType = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  oldFill: 0x04,
  fill: 0x05,
  link: 0x06,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const;

interface Block {
  readonly start: number;
  readonly end: number;
}

/** The messages of the object whose header stands at an address, continuations followed. */
export function readObjectHeader(file: Hdf5Bytes, address: number): Message[] {
  const cursor = new Cursor(file, address);
  file.spend();
  const messages: Message[] = [];
  const isVersion2 = ascii(file.bytes.subarray(address, address + 4)) === "OHDR";
  const { blocks, hasOrder } = isVersion2 ? firstBlock2(cursor) : firstBlock1(cursor);
  for (let i = 0; i < blocks.length; i++) {
    const block = new Cursor(file, blocks[i].start, blocks[i].end);
    const headLength = isVersion2 ? (hasOrder ? 6 : 4) : 8;
    while (block.at + headLength <= block.end) {
      file.spend();
      const type = isVersion2 ? block.u8() : block.u16();
      const size = block.u16();
      const flags = block.u8();
      block.skip(headLength - (isVersion2 ? 4 : 5));
      const start = block.skip(size);
      const body = (): Cursor => new Cursor(file, start, start + size);
      if (type === messageType.continuation) blocks.push(continuation(body(), isVersion2));
      else messages.push({ type, isShared: (flags & 2) !== 0, body });
    }
  }
  return messages;
}

function firstBlock1(cursor: Cursor): { blocks: Block[]; hasOrder: boolean } {
  const version = cursor.u8();
  if (version !== 1) throw damaged(`an object header has version ${version} at byte ${cursor.at}`);
  cursor.skip(7); // reserved, number of messages, links to this object
  const size = cursor.u32();
  cursor.skip(4); // the messages begin at a multiple of 8 bytes
  const start = cursor.skip(size);
  return { blocks: [{ start, end: start + size }], hasOrder: false };
}

function firstBlock2(cursor: Cursor): { blocks: Block[]; hasOrder: boolean } {
  cursor.expect("OHDR");
  const version = cursor.u8();
  if (version !== 2) throw unsupported(`object header version must be 1 or 2; got ${version}`);
  const flags = cursor.u8();
  if (flags & 0x20) cursor.skip(16); // four times
  if (flags & 0x10) cursor.skip(4); // when attributes move out of the header
  const size = cursor.uint(1 << (flags & 3));
  const start = cursor.skip(size);
  return { blocks: [{ start, end: start + size }], hasOrder: (flags & 4) !== 0 };
}

function continuation(body: Cursor, isVersion2: boolean): Block {
  const address = body.address();
  const size = body.length();
  const block = new Cursor(body.file, address);
  block.skip(size);
  if (!isVersion2) return { start: address, end: address + size };
  new Cursor(body.file, address).expect("OCHK");
  return { start: address + 4, end: Math.max(address + 4, address + size - 4) };
}

/** The body of a message, found where it is kept. */
export function resolveShared(message: Message): Cursor {
  const body = message.body();
  return message.isShared ? sharedBody(body, message.type) : body;
}

/** Follows a pointer to a message, as a committed datatype is named. */
export function sharedBody(body: Cursor, type: number): Cursor {
  const version = body.u8();
  const kind = body.u8();
  if (version === 1) body.skip(6);
  else if (version === 3 && kind !== 2) {
    throw unsupported("messages shared through a heap are not read");
  }
  const address = body.address();
  const target = readObjectHeader(body.file, address).find((message) => message.type === type);
  if (target === undefined || target.isShared) throw damaged("a shared message points nowhere");
  return target.body();
}
