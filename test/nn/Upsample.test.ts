// Upsampling as a layer.
import { expect, test } from "vitest";
import { nn, type Tensor, tensor, upsampleBilinear, upsampleNearest } from "../../src/index.js";
import { expectSame } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { normals } from "../helpers/random.js";

const cases: [options: nn.UpsampleOptions, operator: (a: Tensor) => Tensor][] = [
  [{ scale: 2 }, (a) => upsampleNearest(a, 2)],
  [{ scale: 3, mode: "nearest", alignCorners: false }, (a) => upsampleNearest(a, 3)],
  [{ scale: 2, mode: "bilinear" }, (a) => upsampleBilinear(a, 2)],
  [{ scale: 3, mode: "bilinear", alignCorners: true }, (a) => upsampleBilinear(a, 3, { alignCorners: true })],
];

test.each(cases)("Upsample(%j) is its operator", (options, operator) => {
  const a = tensor(normals(24), [1, 2, 3, 4], { requiresGrad: true });
  const layer = new nn.Upsample(options);
  const [out, expected] = [layer.forward(a), operator(a)];
  expect(out.shape).toEqual(expected.shape);
  expectSame(out.data, expected.data);
  out.sum().backward();
  expect(a.grad).not.toBeNull();
  expect(layer.parameters()).toEqual([]);
  layer.dispose();
  for (const made of [a, out, expected]) made.dispose();
});

test("Upsample rejects scales that are none, unknown modes and options, and corners to align without interpolation", () => {
  const call = (options: unknown) => () => new nn.Upsample(options as nn.UpsampleOptions);
  for (const scale of [undefined, null, 0, -1, 1.5, "2", [2, 2]]) {
    expectError(call({ scale }), "option", /^new nn\.Upsample\(options\): scale is .*, expected an? /);
  }
  for (const options of [undefined, null, 2, []]) expectError(call(options), "option", /^new nn\.Upsample\(options\): options is /);
  expectError(call({ scale: 2, mode: "bicubic" }), "option", /mode is "bicubic", expected "nearest" or "bilinear"/);
  expectError(call({ scale: 2, mode: "bilinear", alignCorners: 1 }), "option", /alignCorners is 1, expected true or false/);
  expectError(call({ scaleFactor: 2 }), "option", /no option "scaleFactor"; it knows scale, mode, alignCorners/);
  expectError(call({ scale: 2, alignCorners: true }), "option", /alignCorners is true, which mode "nearest" does not know; pass \{ mode/);
});
