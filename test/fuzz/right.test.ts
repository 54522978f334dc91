import { describe, expect, test } from "vitest";
import { checkLoss, type Kind } from "../../src/fuzz/index.js";
import { RIGHT } from "./right.js";

// npm run fuzz goes further; counting is cubic
describe.each(Object.keys(RIGHT))("a right loss, %s, keeps every law", (style) => {
  test.each<Kind>(["hinge", "softmax", "sigmoid"])("of kind %s", async (kind) => {
    const maxPixels = style === "counting" ? 60 : 420;
    const { laws } = await checkLoss(RIGHT[style](kind), { kind, runs: 20, seed: 5, maxPixels });
    expect(laws.filter(({ ok }) => !ok)).toEqual([]);
  });
});

test.each<Kind>(["hinge", "softmax", "sigmoid"])("the losses of this package keep the laws beyond, too: %s", async (kind) => {
  const also = ["sharesTies", "takesAnyRank", "takesClassLists"] as const;
  const { laws } = await checkLoss(RIGHT.ours(kind), { kind, runs: 50, seed: 6, also });
  expect(laws.filter(({ ok }) => !ok)).toEqual([]);
  expect(laws.map(({ law }) => law)).toContain("sharesTies");
});
