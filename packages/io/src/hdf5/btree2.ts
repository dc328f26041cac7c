import { Cursor, damaged, type Hdf5Bytes, undefinedAddress } from "./cursor.js";

/** Bytes that a whole number of at most this size takes. */
export function bytesToHold(most: number): number {
  return Math.floor(Math.log2(Math.max(1, most)) / 8) + 1;
}

/** Visits the records of a B-tree of version 2. */
export function walkTree2(file: Hdf5Bytes, address: number, visit: (record: Cursor) => void): void {
  if (address === undefinedAddress) return;
  const header = new Cursor(file, address);
  header.expect("BTHD");
  header.skip(2); // version, kind of record
  const nodeSize = header.u32();
  const recordSize = header.u16();
  const depth = header.u16();
  header.skip(2); // when to split and merge
  const root = header.address();
  const numRoot = header.u16();
  if (recordSize === 0 || nodeSize < 10 + recordSize || depth > 16) {
    throw damaged(`a tree's header at byte ${address} contradicts itself`);
  }
  // The widths of the counts follow from how many records a node of each level can hold.
  const leafMost = Math.floor((nodeSize - 10) / recordSize);
  const countWidth = bytesToHold(leafMost);
  const totalWidths = [0];
  let total = leafMost;
  for (let level = 1; level <= depth; level++) {
    const pointer = file.offsetSize + countWidth + totalWidths[level - 1];
    const most = Math.floor((nodeSize - 10 - pointer) / (recordSize + pointer));
    total = (most + 1) * total + most;
    totalWidths.push(bytesToHold(total));
  }
  const walk = (at: number, count: number, level: number): void => {
    file.spend();
    const node = new Cursor(file, at);
    node.expect(level === 0 ? "BTLF" : "BTIN");
    node.skip(2);
    for (let i = 0; i < count; i++) {
      file.spend();
      const start = node.skip(recordSize);
      visit(new Cursor(file, start, start + recordSize));
    }
    if (level === 0) return;
    for (let i = 0; i <= count; i++) {
      const child = node.address();
      const numChild = node.uint(countWidth);
      node.skip(totalWidths[level - 1]);
      walk(child, numChild, level - 1);
    }
  };
  if (root !== undefinedAddress) walk(root, numRoot, depth);
}
