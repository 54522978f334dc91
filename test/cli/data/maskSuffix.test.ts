import { expect, test } from "vitest";
import type { Listing } from "../../../src/cli/data/files.js";
import { suffixOf, withoutSuffix } from "../../../src/cli/data/maskSuffix.js";
import { LovaszError } from "../../../src/index.js";

const listing = (...stems: string[]): Listing => {
  return {
    files: new Map(stems.map((stem) => [stem, { path: `/${stem}.png`, shown: `masks/${stem}.png` }])),
    unread: new Map([[".gif", 1]]),
  };
};

test("withoutSuffix names files as their pictures, also in subfolders", () => {
  const { files, unread } = withoutSuffix(listing("a_mask", "b/a_mask", "c_mask_mask"), "_mask");
  expect([...files].map(([stem, { shown }]) => [stem, shown])).toEqual([
    ["a", "masks/a_mask.png"],
    ["b/a", "masks/b/a_mask.png"],
    ["c_mask", "masks/c_mask_mask.png"],
  ]);
  expect(unread.size).toBe(1);
});

test.each<[string, string[], string]>([
  [
    "one without the suffix",
    ["a_mask", "b"],
    "masks/b.png lacks the suffix _mask of --mask-suffix at the end of its stem; remove it, or rename it",
  ],
  ["several", ["a_mask", "b", "c", "d_masks"], "masks/b.png (and 2 more) lacks the suffix _mask"],
  ["all", ["a", "b"], "masks/a.png (and 1 more) lacks the suffix _mask of --mask-suffix at the end of its stem; leave out --mask-suffix"],
  ["the suffix alone", ["_mask", "a_mask"], "masks/_mask.png is named by the suffix _mask alone; rename or remove it"],
  ["the suffix alone in a subfolder", ["b/_mask"], "masks/b/_mask.png is named by the suffix _mask alone"],
])("withoutSuffix refuses %s", (_, stems, message) => {
  expect(() => withoutSuffix(listing(...stems), "_mask")).toThrow(LovaszError);
  expect(() => withoutSuffix(listing(...stems), "_mask")).toThrow(message);
});

test.each<[string, string[], string[], string | null]>([
  ["all masks have", ["a", "b"], ["a_mask", "b_mask"], "_mask"],
  ["all have in subfolders", ["x/a", "y/a"], ["x/a-m", "y/a-m"], "-m"],
  ["follows the longer of two stems", ["a", "a_1"], ["a_1_mask", "a_mask"], "_mask"],
  ["is a digit", ["1", "10"], ["100", "1000"], null],
  ["one lacks", ["a", "b"], ["a_mask", "b"], null],
  ["belongs to no picture in one case", ["a"], ["a_mask", "b_mask"], null],
  ["all have, though a picture lacks its mask", ["a", "b"], ["a_mask"], "_mask"],
  ["differs", ["a", "b"], ["a_mask", "b-mask"], null],
  ["is a folder", ["a"], ["a/mask"], null],
  ["is a prefix", ["a"], ["mask_a"], null],
  ["is empty", ["a", "b"], ["a", "c"], null],
])("suffixOf tells the suffix that %s", (_, images, labels, suffix) => {
  expect(suffixOf(listing(...images), listing(...labels))).toBe(suffix);
});
