import { bytesToHold, walkTree2 } from "./btree2.js";
import { Cursor, damaged, type Hdf5Bytes, undefinedAddress, unsupported } from "./cursor.js";

/** A heap of blocks that double in size: where large groups keep links and attributes. */
interface FractalHeap {
  readonly file: Hdf5Bytes;
  readonly hugeTree: number;
  readonly tableWidth: number;
  readonly startSize: number;
  readonly maxDirectSize: number;
  readonly offsetWidth: number;
  readonly lengthWidth: number;
  readonly root: number;
  readonly numRootRows: number;
}

/** Opens a fractal heap and gives its objects by their identifiers. */
export function readFractalHeap(file: Hdf5Bytes, address: number): (id: Cursor) => Cursor {
  const cursor = new Cursor(file, address);
  file.spend();
  cursor.expect("FRHP");
  cursor.skip(3); // version, length of an identifier
  if (cursor.u16() !== 0) throw unsupported("packed fractal heaps are not read");
  cursor.skip(1);
  const maxManagedSize = cursor.u32();
  cursor.length(); // next identifier of a huge object
  const hugeTree = cursor.address();
  cursor.skip(file.lengthSize + file.offsetSize + 8 * file.lengthSize); // space and counts
  const tableWidth = cursor.u16();
  const startSize = cursor.length();
  const maxDirectSize = cursor.length();
  const offsetWidth = Math.ceil(cursor.u16() / 8);
  cursor.skip(2); // rows at the start
  const root = cursor.address();
  const numRootRows = cursor.u16();
  if (startSize < 1 || maxDirectSize < startSize || tableWidth < 1 || offsetWidth > 8) {
    throw damaged(`a fractal heap at byte ${address} contradicts itself`);
  }
  const lengthWidth = Math.min(
    Math.ceil(Math.log2(maxDirectSize) / 8),
    bytesToHold(maxManagedSize),
  );
  const sizes = { tableWidth, startSize, maxDirectSize, offsetWidth, lengthWidth };
  const heap: FractalHeap = { file, hugeTree, ...sizes, root, numRootRows };
  return (id) => heapObject(heap, id);
}

function heapObject(heap: FractalHeap, id: Cursor): Cursor {
  const { file } = heap;
  const head = id.u8();
  const kind = (head >>> 4) & 3;
  if (kind === 0) {
    const offset = id.uint(heap.offsetWidth);
    const length = id.uint(heap.lengthWidth);
    const at = findManaged(heap, offset);
    return new Cursor(file, at, at + length);
  }
  if (kind === 2) {
    const start = id.at;
    return new Cursor(file, start, start + (head & 15) + 1);
  }
  if (kind !== 1) throw damaged("an object of a fractal heap is of an unknown kind");
  const wanted = id.uint(Math.min(8, id.end - id.at));
  let found: Cursor | undefined;
  walkTree2(file, heap.hugeTree, (record) => {
    const at = record.address();
    const length = record.length();
    if (record.length() === wanted) found = new Cursor(file, at, at + length);
  });
  if (found === undefined) throw damaged(`a huge object of a fractal heap is missing`);
  return found;
}

/** The place in the file of an offset in the heap's own space. */
function findManaged(heap: FractalHeap, offset: number): number {
  if (offset < 0 || heap.root === undefinedAddress) {
    throw damaged("a fractal heap has no such object");
  }
  if (heap.numRootRows === 0) return heap.root + offset;
  const { file, tableWidth, startSize, maxDirectSize, offsetWidth } = heap;
  let block = heap.root;
  let base = 0;
  let numRows = heap.numRootRows;
  for (;;) {
    file.spend();
    const cursor = new Cursor(file, block);
    cursor.expect("FHIB");
    cursor.skip(1 + file.offsetSize + offsetWidth);
    // Rows 0 and 1 hold blocks of the first size; each row after that doubles it.
    let row = 0;
    let rowSize = startSize;
    let rowBase = base;
    while (offset >= rowBase + rowSize * tableWidth) {
      rowBase += rowSize * tableWidth;
      if (row > 0) rowSize *= 2;
      if (++row >= numRows) throw damaged("a fractal heap has no such object");
    }
    const column = Math.floor((offset - rowBase) / rowSize);
    cursor.skip((row * tableWidth + column) * file.offsetSize);
    const child = cursor.address();
    if (child === undefinedAddress) throw damaged("a fractal heap has no such object");
    base = rowBase + column * rowSize;
    if (rowSize <= maxDirectSize) return child + (offset - base);
    numRows = Math.log2(rowSize) - Math.log2(startSize * tableWidth) + 1;
    block = child;
  }
}
