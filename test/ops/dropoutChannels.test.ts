// Whole planes at random become 0, the others larger.
import { describe, expect, test } from "vitest";
import { memory, tensor } from "../../src/index.js";
import { dropoutChannels } from "../../src/ops/dropoutChannels.js";
import { uniform } from "../../src/random.js";
import { expectSame } from "../helpers/closeTo.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { normals } from "../helpers/random.js";

function reference(values: Float32Array, planes: number, p: number, seed: number): Float32Array {
  const next = uniform(seed);
  const kept = Array.from({ length: planes }, () => next() >= p);
  return values.map((x, i) => (kept[Math.floor((i * planes) / values.length)] ? x * Math.fround(1 / (1 - p)) : 0));
}

const shapes = [...Array.from({ length: 10 }, (_, n) => [2, 5, 1, n]), [3, 7, 5, 11], [0, 2, 2, 2], [2, 0, 2, 2], [4, 3]];

describe("dropoutChannels", () => {
  test.each(shapes.map((shape) => [shape]))("of shape %j, forward and backward", (shape) => {
    const before = memory();
    const size = shape.reduce((product, extent) => product * extent, 1);
    const x = tensor(normals(size, 1), shape, { requiresGrad: true });
    const out = dropoutChannels(x, 0.4, 6);
    const planes = shape[0] * shape[1];
    expect(out.shape).toEqual(shape);
    expectSame(out.data, reference(normals(size, 1), planes, 0.4, 6));
    const upstream = tensor(normals(size, 2), shape);
    out.backward(upstream);
    expectSame(x.grad?.data ?? [], reference(normals(size, 2), planes, 0.4, 6));
    for (const made of [x, out, upstream]) made.dispose();
    expect(memory()).toEqual(before);
  });

  test("keeps all for p = 0 and nothing for p = 1, not even NaN", () => {
    const x = tensor([1, 2, NaN, Infinity], [1, 2, 1, 2]);
    const [kept, dropped] = [dropoutChannels(x, 0, 1), dropoutChannels(x, 1, 1)];
    expectSame(kept.data, x.data);
    expectSame(dropped.data, [0, 0, 0, 0]);
    for (const made of [x, kept, dropped]) made.dispose();
  });

  test("has the gradient of finite differences", () => {
    gradCheck((x) => dropoutChannels(x, 0.4, 5), [{ shape: [2, 3, 2, 2], values: normals(24, 1) }]);
  });
});
