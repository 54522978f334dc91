// The seeds of masks.
import { expect, test } from "vitest";
import { readSeeds, Seeds, unseeded } from "../../src/ops/dropoutMask.js";
import { expectError } from "../helpers/errors.js";

const list = (count: number, seeds: typeof unseeded) => Array.from({ length: count }, () => seeds.take((seed) => seed));

test("seeds are whole numbers of 32 bits, all different, the same again for the same first seed", () => {
  const seeds = list(1000, new Seeds(3));
  expect(new Set(seeds).size).toBe(1000);
  expect(seeds.every((seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)).toBe(true);
  expect(list(1000, new Seeds(3))).toEqual(seeds);
  expect(list(1000, new Seeds(4)).some((seed) => seeds.includes(seed))).toBe(false);
});

test("a seed whose use throws comes again, so that a call that fails changes nothing later", () => {
  const seeds = new Seeds(3);
  const [first, second] = list(2, new Seeds(3));
  expect(() =>
    seeds.take((seed) => {
      throw new Error(String(seed));
    }),
  ).toThrow(String(first));
  expect(list(2, seeds)).toEqual([first, second]);
});

test("after `used` was set, the seeds go on from there", () => {
  const seeds = new Seeds(3);
  const all = list(5, seeds);
  expect(seeds.used).toBe(5);
  for (const used of [2, 0, 4]) {
    const other = new Seeds(3);
    list(1, other);
    other.used = used;
    expect(other.used).toBe(used);
    expect(list(5 - used, other)).toEqual(all.slice(used));
  }
});

test("without a seed all share one sequence", () => {
  expect(readSeeds("call", undefined)).toBe(unseeded);
  expect(list(2, readSeeds("call", 5))).toEqual(list(2, new Seeds(5)));
  expectError(() => readSeeds("call", 0.5), "option", /call: seed is 0.5, expected an integer/);
});
