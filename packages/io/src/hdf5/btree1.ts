import { Cursor, damaged, type Hdf5Bytes, undefinedAddress } from "./cursor.js";

/** What a tree of version 1 indexes: names of a group, or chunks of a dataset. */
export type TreeKind = "names" | "chunks";

/**
 * Visits the leaves' entries of a B-tree of version 1, in order.
 *
 * @param options.keyLength bytes of one key
 * @param visit gets a cursor at the key before each child, and the child's address
 */
export function walkTree1(
  file: Hdf5Bytes,
  options: { readonly address: number; readonly kind: TreeKind; readonly keyLength: number },
  visit: (key: Cursor, child: number) => void,
): void {
  const { kind, keyLength } = options;
  const walk = (address: number, expectedLevel: number | undefined): void => {
    file.spend();
    const node = new Cursor(file, address);
    node.expect("TREE");
    const isKind = node.u8() === (kind === "names" ? 0 : 1);
    const level = node.u8();
    if (!isKind || (expectedLevel !== undefined && level !== expectedLevel)) {
      throw damaged(`a tree's node at byte ${address} is of another kind or level`);
    }
    const numEntries = node.u16();
    node.skip(2 * file.offsetSize); // siblings
    for (let i = 0; i < numEntries; i++) {
      file.spend();
      const key = node.skip(keyLength);
      const child = node.address();
      if (level > 0) walk(child, level - 1);
      else visit(new Cursor(file, key, key + keyLength), child);
    }
  };
  if (options.address !== undefinedAddress) walk(options.address, undefined);
}
