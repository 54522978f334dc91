import { expect, test } from "vitest";
import { contactsOf, looksLikeBorder } from "../../../src/cli/data/contacts.js";

const of = (width: number, ...values: number[]) => contactsOf({ width, values: Uint8Array.from(values) });

test("counts neighbours of different values, and none around the edge", () => {
  expect(Object.fromEntries(of(2, 0, 1, 2, 1))).toEqual({ "0,1": 1, "0,2": 1, "1,2": 1 });
  expect(Object.fromEntries(of(3, 0, 0, 1, 0, 0, 1))).toEqual({ "0,1": 2 });
});

test("a border separates foreground from background", () => {
  const disc = of(5, 0, 255, 1, 255, 0, 0, 255, 1, 255, 0);
  expect(looksLikeBorder(disc, 255, 1)).toBe(true);
  expect(looksLikeBorder(disc, 1, 255)).toBe(false);
});

test("two instances are no border, whether they touch or not", () => {
  expect(looksLikeBorder(of(5, 0, 1, 0, 2, 0), 2, 1)).toBe(false);
  const touching = of(4, 0, 1, 2, 0, 0, 1, 2, 0);
  expect([looksLikeBorder(touching, 2, 1), looksLikeBorder(touching, 1, 2)]).toEqual([false, false]);
});
