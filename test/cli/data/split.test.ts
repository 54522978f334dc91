import { expect, test } from "vitest";
import { split } from "../../../src/cli/data/split.js";
import { LovaszError } from "../../../src/index.js";
import { noise } from "../helpers/samples.js";

const samples = (count: number) => Array.from({ length: count }, (_, i) => noise(2, 2, i + 1));

test.each([
  [2, 1],
  [3, 1],
  [7, 1],
  [8, 2],
  [10, 2],
  [100, 20],
])("of %i pictures %i are held back, and none is in both", (count, held) => {
  // biome-ignore format: one line
  const { training, validation } = split(samples(count), 1);
  expect([training.length, validation.length]).toEqual([count - held, held]);
  expect(new Set([...training, ...validation].map(({ name }) => name)).size).toBe(count);
});

test.each([
  [10, 0.3, 3],
  [10, 0.999, 9],
  [10, 1e-9, 1],
  [2, 0.9, 1],
  [5, 0.5, 3],
])("of %i pictures and a share of %f, %i are held back", (count, share, held) => {
  // biome-ignore format: one line
  const { training, validation } = split(samples(count), 1, share);
  expect([training.length, validation.length]).toEqual([count - held, held]);
});

test("a share of 0.2 is a fifth, drawn alike", () => {
  for (const count of [2, 13, 50]) expect(split(samples(count), 3, 0.2)).toEqual(split(samples(count), 3));
});

test("the seed decides which", () => {
  const held = (seed: number) => split(samples(50), seed).validation.map(({ name }) => name);
  expect(held(1)).toEqual(held(1));
  expect(held(1)).not.toEqual(held(2));
});

test.each([
  [0, "there are 0 pictures, expected at least 2"],
  [1, "there is 1 picture, expected at least 2"],
])("%i pictures are too few", (count, message) => {
  expect(() => split(samples(count), 1)).toThrow(LovaszError);
  expect(() => split(samples(count), 1)).toThrow(message);
});
