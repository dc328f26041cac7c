import { Cursor, damaged, type Hdf5Bytes, utf8 } from "./cursor.js";

/** The part of the file that holds the names of an old-style group. */
export function readLocalHeap(file: Hdf5Bytes, address: number): (offset: number) => string {
  const cursor = new Cursor(file, address);
  cursor.expect("HEAP");
  cursor.skip(4); // version, reserved
  const size = cursor.length();
  cursor.skip(file.lengthSize); // free list
  const start = cursor.address();
  const end = new Cursor(file, start).skip(size) + size;
  return (offset) => new Cursor(file, start + offset, end).text();
}

/** One text of a global heap, as an element of variable length names it. */
export function readVariableText(file: Hdf5Bytes, element: Cursor): string {
  const length = element.u32();
  const address = element.address();
  const index = element.u32();
  if (length === 0) return "";
  const cursor = new Cursor(file, address);
  cursor.expect("GCOL");
  cursor.skip(4); // version, reserved
  const end = address + cursor.length();
  const objects = new Cursor(file, cursor.at, end);
  while (objects.at + 8 + file.lengthSize <= objects.end) {
    file.spend();
    const found = objects.u16();
    if (found === 0) break;
    objects.skip(6); // references to it, reserved
    const size = objects.length();
    if (found === index) {
      return utf8(objects.take(Math.min(size, length))).replace(/\0+$/, "");
    }
    objects.skip(Math.min(Math.ceil(size / 8) * 8, objects.end - objects.at));
  }
  throw damaged(`object ${index} is missing from the heap at byte ${address}`);
}
