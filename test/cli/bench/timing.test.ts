import { expect, test } from "vitest";
import { compare, milliseconds, nanoseconds, plusMinus, summary } from "../../../src/cli/bench/timing.js";

test("summary(values) is the median and half the distance between the quartiles, as a share of it", () => {
  expect(summary([4, 1, 2, 3, 5])).toEqual({ median: 3, spread: 1 / 3 });
  expect(summary([1, 2])).toEqual({ median: 1.5, spread: 0.25 / 1.5 });
  expect(summary([7])).toEqual({ median: 7, spread: 0 });
});

test("compare(entries) runs entries in turn, takes times measured elsewhere, and leaves null out", async () => {
  const order: string[] = [];
  const entry = (name: string) => ({ milliseconds: async () => order.push(name) });
  const times = await compare({ a: entry("a"), nobody: null, b: entry("b") }, { rounds: 3, warm: 1 });
  // one to warm up, and then in each turn one that is not timed
  expect(order.join("")).toBe("abaabbaabbaabb");
  expect(times).toMatchObject({ a: { median: 8 }, b: { median: 10 } });
  expect(times).not.toHaveProperty("nobody");
});

test("times read as people expect", () => {
  expect([milliseconds(0.01234), milliseconds(1.234), milliseconds(123.4)]).toEqual(["0.0123 ms", "1.23 ms", "123.4 ms"]);
  expect(nanoseconds(2, 1e6)).toBe("2.0 ns");
  expect(plusMinus(0.034)).toBe("± 3 %");
});
