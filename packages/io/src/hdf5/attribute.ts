import { walkTree2 } from "./btree2.js";
import { Cursor, damaged, undefinedAddress, unsupported, utf8 } from "./cursor.js";
import { readDataspace } from "./dataspace.js";
import { readDatatype } from "./datatype.js";
import { readFractalHeap } from "./fractal-heap.js";
import { type Message, messageType, sharedBody } from "./object-header.js";
import { decodeValue, type Hdf5Value } from "./values.js";

/** An attribute whose value is decoded when asked for. */
export interface LazyAttribute {
  readonly name: string;
  readonly read: () => Hdf5Value | undefined;
}

/** The attributes in an object's header. */
export function readAttributes(messages: readonly Message[]): Map<string, LazyAttribute> {
  const attributes = new Map<string, LazyAttribute>();
  for (const message of messages) {
    if (message.type === messageType.attribute) {
      if (message.isShared) throw unsupported("attributes shared through a heap are not read");
      const attribute = readAttribute(message.body());
      attributes.set(attribute.name, attribute);
    } else if (message.type === messageType.attributeInfo) {
      const body = message.body();
      body.skip(1);
      if (body.u8() & 1) body.skip(2);
      const heap = body.address();
      if (heap === undefinedAddress) continue;
      const object = readFractalHeap(body.file, heap);
      walkTree2(body.file, body.address(), (record) => {
        const attribute = readAttribute(object(record));
        attributes.set(attribute.name, attribute);
      });
    }
  }
  return attributes;
}

/** Reads an attribute message, versions 1 to 3. */
function readAttribute(body: Cursor): LazyAttribute {
  const version = body.u8();
  if (version < 1 || version > 3) throw damaged(`an attribute has version ${version}`);
  const flags = body.u8();
  const [nameSize, typeSize, spaceSize] = [body.u16(), body.u16(), body.u16()];
  if (version === 3) body.skip(1); // character set
  const padded = (size: number): number => (version === 1 ? Math.ceil(size / 8) * 8 : size);
  const name = utf8(body.take(padded(nameSize))).replace(/\0.*$/s, "");
  const part = (size: number, isShared: boolean, type: number): (() => Cursor) => {
    const start = body.skip(padded(size));
    return () => {
      const cursor = new Cursor(body.file, start, start + padded(size));
      return isShared ? sharedBody(cursor, type) : cursor;
    };
  };
  const typeBody = part(typeSize, version > 1 && (flags & 1) !== 0, messageType.datatype);
  const spaceBody = part(spaceSize, version > 1 && (flags & 2) !== 0, messageType.dataspace);
  const data = body.take(body.end - body.at);
  return {
    name,
    read: () => {
      const shape = readDataspace(spaceBody());
      if (shape === undefined) return undefined;
      const type = readDatatype(typeBody());
      const size = shape.reduce((product, length) => product * length, type.size);
      if (!(size <= data.length)) throw damaged(`the attribute "${name}" needs ${size} bytes`);
      return decodeValue(body.file, data, { type, shape, what: `the attribute "${name}"` });
    },
  };
}
