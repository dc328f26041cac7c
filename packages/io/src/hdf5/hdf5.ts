import { readAttributes } from "./attribute.js";
import { damaged, type Hdf5Bytes, unsupported } from "./cursor.js";
import { readDataspace } from "./dataspace.js";
import { type Datatype, describeType, readDatatype } from "./datatype.js";
import { type Filter, readFilters } from "./filters.js";
import { gatherBytes, readLayout } from "./layout.js";
import { type Link, readLinks } from "./links.js";
import { type Message, messageType, readObjectHeader, resolveShared } from "./object-header.js";
import { readSuperblock } from "./superblock.js";
import { decodeValue, type Hdf5Value } from "./values.js";

interface Hdf5Object {
  /** From the root, "/" alone for the root. */
  readonly path: string;
  readonly attributeNames: readonly string[];
  /** The value of an attribute; `undefined` where it is absent or empty. */
  readonly attribute: (name: string) => Hdf5Value | undefined;
}

/** A group: names that lead to groups and datasets. */
export interface Hdf5Group extends Hdf5Object {
  readonly kind: "group";
  readonly names: readonly string[];
  /** What a path from here leads to; `undefined` where a name is absent or leads nowhere. */
  readonly get: (path: string) => Hdf5Group | Hdf5Dataset | undefined;
}

/** A dataset: an array that is read when asked for. */
export interface Hdf5Dataset extends Hdf5Object {
  readonly kind: "dataset";
  /** Empty for a scalar. */
  readonly shape: readonly number[];
  /** Its element type in words. */
  readonly type: string;
  /** Names of the fields where elements are records, such as r and i of complex numbers. */
  readonly fields: readonly string[];
  /** @throws E_HDF5 if the data is damaged, packed otherwise, or neither numbers nor text */
  readonly read: () => Hdf5Value;
}

/**
 * Opens an HDF5 file: superblocks 0 to 3, groups, datasets of numbers and text (compact,
 * contiguous, or in chunks packed by deflate, LZF, shuffle and fletcher32) and attributes.
 *
 * Everything is read from the bytes given, on demand, with bounds: a damaged file is refused
 * without work or memory beyond what a sound one of its size could need. Links to other files are
 * left out, and so are links whose path leads nowhere.
 *
 * @returns the root group
 * @throws E_HDF5 if the file is damaged, cut short or uses what is not read here
 * @source HDF5 File Format Specification, version 3.0
 */
export function openHdf5(bytes: Uint8Array): Hdf5Group {
  const { file, root } = readSuperblock(bytes);
  const object = openObject(file, { address: root, path: "/" }, { address: root });
  if (object?.kind !== "group") throw damaged("the root must be a group");
  return object;
}

const maxSoftLinks = 16;

function openObject(
  file: Hdf5Bytes,
  root: { readonly address: number; readonly path: string },
  link: { readonly address: number; readonly path?: string },
): Hdf5Group | Hdf5Dataset {
  const path = link.path ?? root.path;
  const messages = readObjectHeader(file, link.address);
  const attributes = readAttributes(messages);
  const common = {
    path,
    attributeNames: [...attributes.keys()],
    attribute: (name: string) => {
      file.restart();
      return attributes.get(name)?.read();
    },
  };
  const links = readLinks(file, messages);
  if (links === undefined) return openDataset(file, messages, common);
  const get = (wanted: string): Hdf5Group | Hdf5Dataset | undefined => {
    let here: { group: Map<string, Link> | undefined; address: number; path: string } = {
      group: links,
      address: link.address,
      path,
    };
    const step = (address: number, name: string): void => {
      const next = address === root.address ? "/" : `${here.path.replace(/\/$/, "")}/${name}`;
      here = { group: readLinks(file, readObjectHeader(file, address)), address, path: next };
    };
    file.restart();
    let softLinks = 0;
    const parts = wanted.split("/").reverse();
    if (wanted.startsWith("/")) step(root.address, "");
    while (parts.length > 0) {
      const name = parts.pop()!;
      if (name === "" || name === ".") continue;
      const target = here.group?.get(name);
      if (target === undefined) return undefined;
      if ("address" in target) step(target.address, name);
      else {
        if (++softLinks > maxSoftLinks) throw damaged(`links lead in a circle at "${wanted}"`);
        parts.push(...target.path.split("/").reverse());
        if (target.path.startsWith("/")) step(root.address, "");
      }
    }
    // A datatype can be kept under a name; it is neither a group nor a dataset.
    const target = readObjectHeader(file, here.address);
    const isArray = target.some(({ type }) => type === messageType.layout);
    return here.group === undefined && !isArray ? undefined : openObject(file, root, here);
  };
  return { ...common, kind: "group", names: [...links.keys()], get };
}

function openDataset(
  file: Hdf5Bytes,
  messages: readonly Message[],
  common: Hdf5Object,
): Hdf5Dataset {
  const find = (type: number): Message | undefined =>
    messages.find((message) => message.type === type);
  const [space, typeMessage] = [find(messageType.dataspace), find(messageType.datatype)];
  const layoutMessage = find(messageType.layout);
  const what = `"${common.path}"`;
  if (space === undefined || typeMessage === undefined || layoutMessage === undefined) {
    throw unsupported(`${what} is neither a group nor a dataset`);
  }
  const shape = readDataspace(resolveShared(space));
  const type: Datatype = readDatatype(resolveShared(typeMessage));
  const filterMessage = find(messageType.filters);
  return {
    ...common,
    kind: "dataset",
    shape: shape ?? [0],
    type: describeType(type),
    fields: type.kind === "compound" ? type.members.map(({ name }) => name) : [],
    read: () => {
      file.restart();
      const filters: Filter[] =
        filterMessage === undefined ? [] : readFilters(filterMessage.body());
      if (type.kind === "compound" || type.kind === "other") {
        throw unsupported(`${what} must hold numbers or text; got ${describeType(type)}`);
      }
      const bytes = gatherBytes(file, {
        layout: readLayout(layoutMessage.body()),
        filters,
        shape: shape ?? [0],
        elementSize: type.size,
        fill: readFill(find(messageType.fill), type.size),
      });
      return decodeValue(file, bytes, { type, shape: shape ?? [0], what });
    },
  };
}

/** The element that stands where nothing was written, if one is set. */
function readFill(message: Message | undefined, size: number): Uint8Array | undefined {
  if (message === undefined || message.isShared) return undefined;
  const body = message.body();
  const version = body.u8();
  if (version === 3) {
    if ((body.u8() & 0x20) === 0) return undefined;
  } else {
    body.skip(2);
    if (body.u8() === 0) return undefined;
  }
  return body.u32() === size ? body.take(size) : undefined;
}
