import fc from "fast-check";
import { expect, test } from "vitest";
import { shuffled, stream } from "../../src/model/shuffle.js";

test("a shuffled list has the same items, and leaves the list as it was", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.nat(), (items, seed) => {
      const copy = [...items];
      const order = shuffled(items, stream(seed));
      expect(items).toEqual(copy);
      const ascending = (a: number, b: number) => a - b;
      expect(order.sort(ascending)).toEqual(copy.sort(ascending));
    }),
  );
});

test("every order of three is as likely", () => {
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 6000; seed++) {
    const order = shuffled([1, 2, 3], stream(seed, 1)).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  // four standard deviations
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(4 * Math.sqrt(6000 / 6));
});

test("streams repeat, and differ by seed, number and order of numbers", () => {
  const first = (...args: [number, ...number[]]) => stream(...args)();
  expect(first(1, 2, 3)).toBe(first(1, 2, 3));
  expect(new Set([first(1, 2, 3), first(2, 2, 3), first(1, 3, 2), first(1, 2), first(1)]).size).toBe(5);
});
