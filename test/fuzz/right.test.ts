import { describe, expect, test } from "vitest";
import { checkLoss } from "../../src/fuzz/index.js";
import type { Kind } from "./plain.js";
import type { Score } from "./plainScore.js";
import { RIGHT } from "./right.js";
import { RIGHT_LOGITS } from "./rightLogits.js";
import { RIGHT_SCORES } from "./rightScores.js";

// npm run fuzz goes further; counting is cubic
describe.each(Object.keys(RIGHT))("a right loss, %s, keeps every law", (style) => {
  test.each<Kind>(["hinge", "softmax", "sigmoid"])("of kind %s", async (kind) => {
    const maxPixels = style === "counting" ? 60 : 420;
    const { laws } = await checkLoss(RIGHT[style](kind), { kind, runs: 20, seed: 5, maxPixels });
    expect(laws.filter(({ ok }) => !ok)).toEqual([]);
  });
});

test.each(Object.keys(RIGHT_LOGITS))("a right loss of the softmax of logits, %s, keeps every law", async (style) => {
  const { laws } = await checkLoss(RIGHT_LOGITS[style](), { kind: "softmax-logits", runs: 20, seed: 5, maxPixels: 420 });
  expect(laws.filter(({ ok }) => !ok)).toEqual([]);
});

describe.each(Object.keys(RIGHT_SCORES))("a right soft score, %s, keeps every law", (style) => {
  test.each<Score>(["dice", "jaccard", "tversky"])("of kind %s", async (kind) => {
    const { laws } = await checkLoss(RIGHT_SCORES[style](kind), { kind, runs: 20, seed: 5, maxPixels: 420 });
    expect(laws.filter(({ ok }) => !ok)).toEqual([]);
  });
});

test.each<Kind | "softmax-logits">(["hinge", "softmax", "softmax-logits", "sigmoid"])(
  "the losses of this package keep the laws beyond, too: %s",
  async (kind) => {
    const also = ["sharesTies", "takesAnyRank", "takesClassLists"] as const;
    const { laws } = await checkLoss(kind === "softmax-logits" ? RIGHT_LOGITS.ours() : RIGHT.ours(kind), { kind, runs: 50, seed: 6, also });
    expect(laws.filter(({ ok }) => !ok)).toEqual([]);
    expect(laws.map(({ law }) => law)).toContain("sharesTies");
  },
);
