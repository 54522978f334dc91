import { expect, test } from "vitest";
import * as rounding from "../../../src/fuzz/reference/rounding.js";

// the bounds of float32 are measured on graphics cards and on the losses of others: whoever changes them should mean to
test("the bounds of float32", () => {
  expect(rounding.numberRounding({})).toBe(2 ** -22);
  expect(rounding.errorRounding({ kind: "hinge" }, 1)).toBe(2 ** -20);
  expect(rounding.errorRounding({ kind: "sigmoid" }, 1)).toBe(2 ** -16);
  expect(rounding.probabilityRounding({ kind: "softmax-logits" }, 0, 1, 21)).toBe(2 ** -17);
  expect(rounding.derivativeRounding({})).toBe(2 ** -18);
  expect(rounding.errorDerivativeRounding({ kind: "sigmoid" })).toBe(2 ** -19);
  expect(rounding.scoreRounding({ kind: "tversky" }, 4)).toBe(2 ** -16 + 2 ** -20);
  expect(rounding.scoreGradientRounding({})).toBe(2 ** -20);
});

test("in half precision each is at least 512 times as large, and no more than 8192 times", () => {
  const precision = "float16";
  for (const [half, single] of [
    [rounding.numberRounding({ precision }), rounding.numberRounding({})],
    [rounding.errorRounding({ kind: "hinge", precision }, 1), rounding.errorRounding({ kind: "hinge" }, 1)],
    [rounding.errorRounding({ kind: "sigmoid", precision }, 1), rounding.errorRounding({ kind: "sigmoid" }, 1)],
    [rounding.derivativeRounding({ precision }), rounding.derivativeRounding({})],
    [rounding.scoreRounding({ kind: "dice", precision }, 4), rounding.scoreRounding({ kind: "dice" }, 4)],
  ]) {
    expect(half / single).toBeGreaterThanOrEqual(512);
    expect(half / single).toBeLessThanOrEqual(8192);
  }
});
