// The sign turned.
import { test } from "vitest";
import { neg, tensor } from "../../src/index.js";
import { expectSame } from "../helpers/closeTo.js";
import { testUnary } from "../helpers/elementwise.js";

testUnary({ name: "neg", saves: "nothing", operator: neg, reference: (x) => -x, slope: () => -1 });

test("neg turns the sign of zeros and infinities and keeps NaN", () => {
  const a = tensor([0, -0, Infinity, -Infinity, NaN]);
  const out = neg(a);
  expectSame(out.data, [-0, 0, -Infinity, Infinity, NaN]);
  for (const made of [a, out]) made.dispose();
});
