// Transposed convolution: forward and all three gradients against a naive float64 loop.
import { describe, expect, test } from "vitest";
import { conv2d, convTranspose2d, memory, type Tensor, tensor } from "../../src/index.js";
import { uniform } from "../../src/random.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { normals } from "../helpers/random.js";
import * as oracle from "../oracle/conv2d.js";
import { type Nd, sizeOf } from "../oracle/nd.js";

const random = (shape: readonly number[], seed: number): Nd => ({ shape, values: Float64Array.from(normals(sizeOf(shape), seed)) });

interface Case {
  batch: number;
  inChannels: number;
  outChannels: number;
  height: number;
  width: number;
  kernelHeight: number;
  kernelWidth: number;
  stride: number;
  padding: number;
  outputPadding: number;
}

function check({ batch, inChannels, outChannels, height, width, kernelHeight, kernelWidth, ...options }: Case): void {
  const before = memory();
  const { stride, padding, outputPadding } = options;
  const extent = (count: number, kernel: number) => (count - 1) * stride - 2 * padding + kernel + outputPadding;
  const planes = [extent(height, kernelHeight), extent(width, kernelWidth)] as const;
  const all = [random([batch, inChannels, height, width], 1), random([inChannels, outChannels, kernelHeight, kernelWidth], 2)];
  const [input, weight, bias] = [...all, random([outChannels], 3)];
  const inputs = [input, weight, bias].map(({ values, shape }) => tensor(values, shape, { requiresGrad: true }));
  const out = convTranspose2d(inputs[0], inputs[1], inputs[2], options);
  const expected = oracle.convTranspose2d(input, weight, bias, planes, { stride, padding });
  const close = { absolute: 1e-4, relative: 1e-5 };
  expect(out.shape).toEqual(expected.shape);
  expectClose(out.data, expected.values, close, "out");
  const upstream = random(out.shape, 4);
  const given = tensor(upstream.values, upstream.shape);
  out.backward(given);
  // the gradient is a convolution of what comes in
  const gradient = oracle.conv2d(upstream, weight, null, { stride, padding });
  const cut = gradient.values.filter((_, i) => {
    const [rows, columns] = gradient.shape.slice(2);
    return Math.floor(i / columns) % rows < height && i % columns < width;
  });
  expectClose(inputs[0].grad?.data ?? [], cut, close, "gradient of input");
  const { weight: ofWeight } = oracle.conv2dGradients(upstream, weight, input, { stride, padding });
  expectClose(inputs[1].grad?.data ?? [], ofWeight.values, close, "gradient of weight");
  const sums = bias.values.map((_, o) =>
    upstream.values.reduce((sum, value, i) => (Math.floor(i / (planes[0] * planes[1])) % outChannels === o ? sum + value : sum), 0),
  );
  expectClose(inputs[2].grad?.data ?? [], sums, close, "gradient of bias");
  for (const made of [...inputs, out, given]) made.dispose();
  expect(memory()).toEqual(before);
}

const next = uniform(11);
const from = (least: number, most: number) => least + Math.floor((most - least + 1) * next());

describe("convTranspose2d", () => {
  test.each([1, 2, 3, 4])("agrees with the definition for every kernel up to 4 x 4 at stride %i", (stride) => {
    for (const kernelHeight of [1, 2, 3, 4]) {
      for (const kernelWidth of [1, 2, 3, 4]) {
        for (const padding of [0, 1]) {
          const [inChannels, outChannels, outputPadding] = [from(1, 6), from(1, 6), from(0, stride - 1)];
          const planes = { batch: from(1, 3), height: from(3, 7), width: from(3, 12), kernelHeight, kernelWidth };
          check({ ...planes, inChannels, outChannels, stride, padding, outputPadding });
        }
      }
    }
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9])("agrees on planes of %i, with as many channels", (n) => {
    const halves = { batch: 1, kernelHeight: 2, kernelWidth: 2, stride: 2, padding: 0, outputPadding: 0 };
    check({ ...halves, inChannels: n, outChannels: 10 - n, height: n, width: 10 - n });
    check({ ...halves, inChannels: 3, outChannels: 2, height: 10 - n, width: n, kernelHeight: 3, kernelWidth: 3, outputPadding: 1 });
  });

  test("gives pixels in no window the bias alone", () => {
    check({
      batch: 2,
      inChannels: 2,
      outChannels: 3,
      height: 3,
      width: 4,
      kernelHeight: 1,
      kernelWidth: 2,
      stride: 3,
      padding: 0,
      outputPadding: 2,
    });
  });

  test("is the gradient that conv2d has for its input", () => {
    const [x, w] = [tensor(normals(2 * 3 * 9 * 9, 1), [2, 3, 9, 9], { requiresGrad: true }), tensor(normals(135, 2), [5, 3, 3, 3])];
    const out = conv2d(x, w, null, { stride: 2, padding: 1 });
    const upstream = tensor(normals(out.size, 3), out.shape);
    out.backward(upstream);
    const transposed = convTranspose2d(upstream, w, null, { stride: 2, padding: 1 });
    expectClose(transposed.data, x.grad?.data ?? [], { absolute: 0 });
    for (const made of [x, w, out, upstream, transposed]) made.dispose();
  });

  test("has the gradients of finite differences, also of some inputs alone", () => {
    const [input, weight, bias] = [random([1, 2, 3, 4], 1), random([2, 3, 3, 2], 2), random([3], 3)];
    const options = { stride: 2, padding: 1, outputPadding: 1 };
    gradCheck((x, w, b) => convTranspose2d(x, w, b, options), [input, weight, bias]);
    gradCheck((x, w) => convTranspose2d(x, w, null, options), [input, weight]);
  });

  test("rejects shapes and options that do not fit together, and what is no tensor", () => {
    const make = (...shape: number[]) => tensor(normals(sizeOf(shape)), shape);
    const [input, weight, other, five] = [make(2, 3, 5, 6), make(3, 4, 2, 2), make(4, 3, 2, 2), make(5)];
    const wrong = (options: object) => () => convTranspose2d(input, weight, null, options);
    expectError(
      () => convTranspose2d(input, other),
      "shape",
      /input \[2, 3, 5, 6\] and weight \[4, 3, 2, 2\], expected \[B, I, H, W\] and \[I, O, /,
    );
    expectError(() => convTranspose2d(input, weight, five), "shape", /bias has shape \[5\], expected \[4\], one per output channel/);
    expectError(wrong({ padding: 3 }), "shape", /with padding 3 give an output of 0 x 1, expected at least one pixel/);
    expectError(wrong({ outputPadding: 2, stride: 2 }), "option", /outputPadding is 2, expected less than the stride, 2/);
    expectError(wrong({ stride: 0 }), "option", /stride is 0/);
    expectError(wrong({ groups: 2 }), "option", /has no option "groups"; it knows stride, padding, outputPadding/);
    expectError(() => convTranspose2d(input, 2 as unknown as Tensor), "shape", /weight is 2, expected a Tensor/);
    for (const made of [input, weight, other, five]) made.dispose();
  });
});
