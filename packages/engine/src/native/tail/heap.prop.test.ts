import fc from "fast-check";
import { expect, test } from "vitest";
import { Heap } from "./heap.js";

interface Held {
  readonly address: number;
  readonly bytes: number;
}

const roundUp = (bytes: number): number => 64 * Math.ceil(bytes / 64);

const meet = (one: Held, other: Held): boolean =>
  one.address < other.address + other.bytes && other.address < one.address + one.bytes;

test("what is taken lies inside, begins at a cache line and never overlaps what is held", () => {
  const orders = fc.array(
    fc.record({ bytes: fc.integer({ min: 1, max: 40_000 }), giveBack: fc.nat({ max: 5 }) }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(orders, (list) => {
      const heap = Heap.ofPages(2)!;
      const held: Held[] = [];
      for (const { bytes, giveBack } of list) {
        const address = heap.take(bytes);
        const taken = address === undefined ? [] : [{ address, bytes }];
        expect(taken.every((each) => each.address % 64 === 0)).toBe(true);
        expect(taken.every((each) => each.address + bytes <= heap.bytes)).toBe(true);
        expect(taken.some((each) => held.some((other) => meet(each, other)))).toBe(false);
        held.push(...taken);
        for (const each of held.splice(giveBack, 1)) heap.give(each.address, each.bytes);
        expect(heap.heldArrays).toBe(held.length);
        expect(heap.heldBytes).toBe(held.reduce((sum, each) => sum + roundUp(each.bytes), 0));
      }
    }),
    { seed: 41, numRuns: 200 },
  );
});

test("a full heap says so, and holds anything again once all is handed back", () => {
  const heap = Heap.ofPages(1)!;
  const addresses = Array.from({ length: 1023 }, () => heap.take(64)!);
  expect(heap.take(1)).toBeUndefined();
  for (const address of addresses) heap.give(address, 64);
  expect(heap.take(1023 * 64)).toBe(64);
});
