// Against the two operators that it stands for.
import { expect, test } from "vitest";
import { concat, memory, randn, type Tensor, upsampleNearest } from "../../src/index.js";
import { joinEnlarged } from "../../src/ops/joinEnlarged.js";
import { expectSame } from "../helpers/closeTo.js";

const cases: [number[], number, number][] = [
  [[1, 1, 1, 1], 1, 2],
  [[2, 3, 4, 5], 2, 2],
  [[3, 2, 5, 8], 4, 3],
  [[0, 2, 3, 3], 1, 2],
  [[2, 2, 0, 3], 1, 2],
];

test.each(cases)("%j beside %i channels, %i times as large: the bits of concat and upsampleNearest", (shape, beside, scale) => {
  const before = memory();
  const [batch, , height, width] = shape;
  const seen = [
    joinEnlarged,
    (a: Tensor, skip: Tensor) => {
      const large = upsampleNearest(a, scale);
      const joined = concat([large, skip], 1);
      large.dispose();
      return joined;
    },
  ].map((join) => {
    const a = randn(shape, { seed: 1, requiresGrad: true });
    const skip = randn([batch, beside, height * scale, width * scale], { seed: 2, requiresGrad: true });
    const out = join(a, skip, scale);
    const upstream = randn([...out.shape], { seed: 3 });
    out.backward(upstream);
    const bits = [out, a.grad as Tensor, skip.grad as Tensor].map((one) => one.copy());
    for (const one of [a.grad as Tensor, skip.grad as Tensor, a, skip, out, upstream]) one.dispose();
    return bits;
  });
  seen[0].forEach((ours, i) => {
    expectSame(ours, seen[1][i]);
  });
  expect(memory()).toEqual(before);
});

test("computes only the gradients that are needed", () => {
  for (const [byA, bySkip] of [
    [true, false],
    [false, true],
  ]) {
    const [a, skip] = [randn([1, 2, 3, 3], { seed: 1, requiresGrad: byA }), randn([1, 1, 6, 6], { seed: 2, requiresGrad: bySkip })];
    joinEnlarged(a, skip, 2).sum().backward();
    expect([a.grad !== null, skip.grad !== null]).toEqual([byA, bySkip]);
  }
});
