// Division: every element, broadcast.
import { test } from "vitest";
import { div, tensor } from "../../src/index.js";
import { expectSame } from "../helpers/closeTo.js";
import { testBinary } from "../helpers/elementwise.js";

testBinary({ name: "div", operator: div, reference: (x, y) => x / y });

test("divides by zero as IEEE 754 says", () => {
  const [a, b] = [tensor([1, -1, 0, 1]), tensor([0, 0, 0, -0])];
  const out = div(a, b);
  expectSame(out.data, [Infinity, -Infinity, NaN, -Infinity]);
  for (const made of [a, b, out]) made.dispose();
});
