// Seeded random numbers: repeatable, and distributed as promised.
import { expect, test } from "vitest";
import { normal, uniform } from "../src/random.js";

const draw = (next: () => number, count: number) => Array.from({ length: count }, next);
const mean = (values: number[]) => values.reduce((x, y) => x + y, 0) / values.length;

test.each([uniform, normal])("%o repeats with its seed and differs between seeds", (generator) => {
  expect(draw(generator(5), 50)).toEqual(draw(generator(5), 50));
  const all = [0, 1, 2, -1, 2 ** 31].flatMap((seed) => draw(generator(seed), 50));
  expect(new Set(all).size).toBe(all.length);
});

test("uniform gives the numbers that splitmix32 gives everywhere", () => {
  // state 0 advances by 0x9e3779b9, then is mixed twice; in BigInt, which cannot overflow
  const expected = [1n, 2n, 3n].map((i) => {
    let bits = (i * 0x9e3779b9n) & 0xffffffffn;
    bits = ((bits ^ (bits >> 16n)) * 0x21f0aaadn) & 0xffffffffn;
    bits = ((bits ^ (bits >> 15n)) * 0x735a2d97n) & 0xffffffffn;
    return Number(bits ^ (bits >> 15n)) / 2 ** 32;
  });
  expect(draw(uniform(0), 3)).toEqual(expected);
});

test("normal is finite where uniform gives 0", () => {
  // the seed whose first state is 0
  const seed = -0x9e3779b9;
  expect(uniform(seed)()).toBe(0);
  expect(Number.isFinite(normal(seed)())).toBe(true);
});

test("uniform fills [0, 1) evenly", () => {
  const values = draw(uniform(3), 100_000);
  expect(values.every((x) => x >= 0 && x < 1)).toBe(true);
  const counts = Array<number>(10).fill(0);
  for (const x of values) counts[Math.floor(10 * x)]++;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
});

test("normal has mean 0, variance 1, no skew, a kurtosis of 3, and is always finite", () => {
  const values = draw(normal(3), 200_000);
  expect(values.every(Number.isFinite)).toBe(true);
  const moments = [1, 2, 3, 4].map((power) => mean(values.map((x) => x ** power)));
  [0, 1, 0, 3].forEach((moment, i) => {
    expect(Math.abs(moments[i] - moment)).toBeLessThan([0.01, 0.02, 0.04, 0.1][i]);
  });
});
