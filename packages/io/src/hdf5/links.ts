import { walkTree1 } from "./btree1.js";
import { walkTree2 } from "./btree2.js";
import { Cursor, damaged, type Hdf5Bytes, undefinedAddress, unsupported, utf8 } from "./cursor.js";
import { readFractalHeap } from "./fractal-heap.js";
import { readLocalHeap } from "./heaps.js";
import { type Message, messageType } from "./object-header.js";

/** Where a name of a group leads: to an object here, or to a path. */
export type Link = { readonly address: number } | { readonly path: string };

/** The links of a group by name, or `undefined` where the object is no group. */
export function readLinks(
  file: Hdf5Bytes,
  messages: readonly Message[],
): Map<string, Link> | undefined {
  const links = new Map<string, Link>();
  let isGroup = false;
  for (const message of messages) {
    if (message.type === messageType.symbolTable) {
      isGroup = true;
      readSymbolTable(file, message.body(), links);
    } else if (message.type === messageType.link) {
      isGroup = true;
      readLink(message.body(), links);
    } else if (message.type === messageType.linkInfo) {
      isGroup = true;
      const body = message.body();
      body.skip(1);
      if (body.u8() & 1) body.skip(8);
      const heap = body.address();
      if (heap !== undefinedAddress) readDenseLinks(file, heap, body.address(), links);
    }
  }
  return isGroup ? links : undefined;
}

/** An old-style group: a tree of tables of entries whose names stand in a heap. */
function readSymbolTable(file: Hdf5Bytes, body: Cursor, links: Map<string, Link>): void {
  const address = body.address();
  const nameAt = readLocalHeap(file, body.address());
  const softLink = 2;
  walkTree1(file, { address, kind: "names", keyLength: file.lengthSize }, (_, child) => {
    const node = new Cursor(file, child);
    node.expect("SNOD");
    node.skip(2);
    const numEntries = node.u16();
    for (let i = 0; i < numEntries; i++) {
      file.spend();
      const name = nameAt(node.uint(file.offsetSize));
      const target = node.address();
      const kind = node.u32();
      node.skip(4);
      const scratch = new Cursor(file, node.skip(16));
      links.set(name, kind === softLink ? { path: nameAt(scratch.u32()) } : { address: target });
    }
  });
}

/** A group of many links: a tree of hashes of their names leads to links in a fractal heap. */
function readDenseLinks(
  file: Hdf5Bytes,
  heap: number,
  tree: number,
  links: Map<string, Link>,
): void {
  const object = readFractalHeap(file, heap);
  walkTree2(file, tree, (record) => {
    record.skip(4); // hash of the name
    readLink(object(record), links);
  });
}

/** A new-style link: one message, or one object of a fractal heap. */
function readLink(body: Cursor, links: Map<string, Link>): void {
  const version = body.u8();
  if (version !== 1) throw unsupported(`link version must be 1; got ${version}`);
  const flags = body.u8();
  const kind = flags & 8 ? body.u8() : 0;
  if (flags & 4) body.skip(8); // order of creation
  if (flags & 16) body.skip(1); // character set
  const nameLength = body.uint(1 << (flags & 3));
  if (nameLength < 0) throw damaged("a link's name has no length");
  const name = utf8(body.take(nameLength));
  if (kind === 0) links.set(name, { address: body.address() });
  else if (kind === 1) links.set(name, { path: utf8(body.take(body.u16())) });
  // Links to other files lead outside what was given and are left out.
}
