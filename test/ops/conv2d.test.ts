// Convolution: forward and all three gradients against a naive float64 loop.
import { describe, expect, test } from "vitest";
import { conv2d, memory, type Tensor, tensor } from "../../src/index.js";
import { uniform } from "../../src/random.js";
import { memorySize } from "../../src/wasm/memory.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { normals } from "../helpers/random.js";
import * as oracle from "../oracle/conv2d.js";
import { type Nd, sizeOf } from "../oracle/nd.js";

interface Case extends oracle.Window {
  batch: number;
  inChannels: number;
  outChannels: number;
  height: number;
  width: number;
  kernelHeight: number;
  kernelWidth: number;
}

const random = (shape: readonly number[], seed: number): Nd => ({ shape, values: Float64Array.from(normals(sizeOf(shape), seed)) });

function check({ batch, inChannels, outChannels, height, width, kernelHeight, kernelWidth, ...window }: Case): void {
  const before = memory();
  const { padding, groups = 1, ...rest } = window;
  const options = { ...rest, groups, padding: typeof padding === "number" ? padding : ("same" as const) };
  const input = random([batch, inChannels, height, width], 1);
  const weight = random([outChannels, inChannels / groups, kernelHeight, kernelWidth], 2);
  const bias = random([outChannels], 3);
  const inputs = [input, weight, bias].map(({ values, shape }) => tensor(values, shape, { requiresGrad: true }));
  const out = conv2d(inputs[0], inputs[1], inputs[2], options);
  const expected = oracle.conv2d(input, weight, bias, window);
  const close = { absolute: 1e-4, relative: 1e-5 };
  expect(out.shape).toEqual(expected.shape);
  expectClose(out.data, expected.values, close, "out");
  const upstream = random(out.shape, 4);
  const given = tensor(upstream.values, upstream.shape);
  out.backward(given);
  const gradients = oracle.conv2dGradients(input, weight, upstream, window);
  expectClose(inputs[0].grad?.data ?? [], gradients.input.values, close, "gradient of input");
  expectClose(inputs[1].grad?.data ?? [], gradients.weight.values, close, "gradient of weight");
  expectClose(inputs[2].grad?.data ?? [], gradients.bias.values, close, "gradient of bias");
  for (const made of [...inputs, out, given]) made.dispose();
  expect(memory()).toEqual(before);
}

// every kernel, stride and padding, the rest at random; planes a little larger than what the kernel needs
const next = uniform(7);
const from = (least: number, most: number) => least + Math.floor((most - least + 1) * next());
const sides = [1, 2, 3, 4, 5];
const cases: Case[] = sides.flatMap((kernelHeight) =>
  sides.flatMap((kernelWidth) =>
    [1, 2, 3].flatMap((stride) =>
      [0, 1, 2, 3].map((padding) => ({
        ...{ kernelHeight, kernelWidth, stride, padding },
        ...{ batch: from(1, 3), inChannels: from(1, 9), outChannels: from(1, 9) },
        height: Math.max(1, kernelHeight - 2 * padding) + from(0, 6),
        width: Math.max(1, kernelWidth - 2 * padding) + from(0, 12),
      })),
    ),
  ),
);

const usual: Case = {
  batch: 2,
  inChannels: 3,
  outChannels: 4,
  height: 7,
  width: 6,
  kernelHeight: 3,
  kernelWidth: 3,
  stride: 1,
  padding: 1,
};

describe("conv2d", () => {
  test.each([1, 2, 3])("agrees with the definition for every kernel up to 5 x 5 and padding up to 3 at stride %i", (stride) => {
    for (const one of cases) {
      if (one.stride !== stride) continue;
      try {
        check(one);
      } catch (error) {
        throw new Error(`${JSON.stringify(one)}: ${(error as Error).message}`);
      }
    }
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9])("agrees with %i channels in and out", (channels) => {
    check({ ...usual, inChannels: channels });
    check({ ...usual, outChannels: channels });
    check({ ...usual, inChannels: channels, outChannels: 10 - channels, width: 11 });
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 32, 33, 40, 63, 64, 67])("agrees on planes %i wide", (width) => {
    check({ ...usual, width });
    check({ ...usual, width, outChannels: 1 });
    check({ ...usual, width, stride: 2 });
    check({ ...usual, width, kernelWidth: 1, padding: 0 });
  });

  test("agrees where rows go in several bands, each way", () => {
    const wide = { ...usual, batch: 1, height: 20, width: 200 };
    for (const stride of [1, 2]) {
      check({ ...wide, stride, inChannels: 16, outChannels: 1 });
      check({ ...wide, stride, inChannels: 1, outChannels: 16 });
    }
  });

  test("agrees where many short rows make one sum", () => {
    for (const outChannels of [1, 2, 3, 4, 5]) check({ ...usual, height: 67, width: 9, inChannels: 1, outChannels });
  });

  test("agrees on planes 1 high or 1 wide, and with strides beyond the kernel", () => {
    check({ ...usual, height: 1, width: 12 });
    check({ ...usual, height: 12, width: 1 });
    check({ ...usual, kernelHeight: 1, kernelWidth: 1, padding: 0, stride: 3, width: 10 });
    check({ ...usual, kernelHeight: 2, kernelWidth: 1, padding: 0, stride: 5, height: 11, width: 13 });
    check({ ...usual, height: 3, width: 3, padding: 0, stride: 50 });
  });

  test("agrees where strides and kernels are as long as an axis, and takes little memory for them", () => {
    const before = memorySize();
    const long = { ...usual, batch: 1, inChannels: 1, outChannels: 2, height: 5, width: 20_001, kernelHeight: 1, padding: 0 };
    for (const kernelWidth of [1, 3, 10_000, 10_001, 20_001]) check({ ...long, kernelWidth, stride: 10_000 });
    for (const kernelWidth of [1, 150]) check({ ...long, kernelWidth, height: 1, stride: 100 });
    check({ ...long, height: 20_001, width: 5, kernelHeight: 10_000, kernelWidth: 2, stride: 10_000, padding: 3 });
    check({ ...long, height: 3, width: 3, kernelHeight: 3, kernelWidth: 2, stride: 100_000 });
    check({ ...long, height: 3, width: 3, kernelHeight: 3, kernelWidth: 2, stride: 2 ** 52 });
    check({ ...long, height: 3, width: 3, kernelWidth: 2, stride: 2 ** 26, padding: 2 ** 26 });
    // the rows of zeros around a low image do not fit at once
    check({ ...long, height: 1, width: 300, kernelHeight: 300, kernelWidth: 1, stride: 1, padding: 150 });
    expect(memorySize() - before).toBeLessThan(2 ** 23);
  });

  test.each([1, 2, 3])("agrees in groups and with dilation, at stride %i", (stride) => {
    for (const groups of [1, 2, 3, 5]) {
      for (const dilation of [1, 2, 3]) {
        for (const [inChannels, outChannels] of [
          [1, 1],
          [2, 1],
          [1, 2],
          [3, 4],
        ].map((pair) => pair.map((each) => each * groups))) {
          const planes = { height: from(6, 12), width: from(6, 20), kernelHeight: from(1, 3), kernelWidth: from(1, 3) };
          check({ ...usual, ...planes, stride, groups, dilation, inChannels, outChannels, padding: from(0, 3) });
        }
      }
    }
  });

  test("agrees where each of many channels is a group", () => {
    check({ ...usual, inChannels: 40, outChannels: 40, groups: 40, width: 67 });
    check({ ...usual, inChannels: 20, outChannels: 40, groups: 20, stride: 2 });
  });
  test.each([1, 2, 3])("agrees where a channel has one result, on planes of any width, at stride %i", (stride) => {
    for (let width = 2; width < 20; width++) {
      for (const padding of [0, 1]) {
        if (width + 2 * padding > 2) check({ ...usual, inChannels: 3, outChannels: 3, groups: 3, stride, padding, width });
      }
    }
  });

  test("pads to the same size, one more at the bottom and right", () => {
    for (const kernel of [1, 2, 3, 4, 5]) {
      for (const dilation of [1, 2, 3]) {
        const reach = dilation * (kernel - 1);
        const [least, most] = [Math.floor(reach / 2), Math.ceil(reach / 2)];
        check({ ...usual, kernelHeight: kernel, kernelWidth: kernel, dilation, padding: [least, most, least, most] });
      }
    }
  });

  test("gives no pixel the NaN of a window that it is not in", () => {
    const [input, weight] = [tensor(normals(9), [1, 1, 1, 9], { requiresGrad: true }), tensor([1, 2, 3], [1, 1, 1, 3])];
    const out = conv2d(input, weight, null, { stride: 2 });
    out.backward([[[[1, Number.NaN, 1, 1]]]]);
    expect([...(input.grad?.data ?? [])]).toEqual([1, 2, Number.NaN, Number.NaN, Number.NaN, 2, 4, 2, 3]);
    for (const made of [input, weight, out]) made.dispose();
  });

  test("takes no bias, batches of none and no channels", () => {
    const before = memory();
    const [input, weight] = [random([2, 3, 5, 6], 1), random([4, 3, 3, 3], 2)];
    const [x, w] = [tensor(input.values, input.shape), tensor(weight.values, weight.shape)];
    const expected = oracle.conv2d(input, weight, null, { stride: 1, padding: 0 });
    for (const bias of [undefined, null]) {
      const out = conv2d(x, w, bias);
      expectClose(out.data, expected.values, { absolute: 1e-5 });
      out.dispose();
    }
    for (const made of [x, w]) made.dispose();
    expect(memory()).toEqual(before);
    check({ ...usual, batch: 0 });
    check({ ...usual, inChannels: 0 });
    check({ ...usual, outChannels: 0 });
  });

  test("has the gradients of finite differences, also of some inputs alone", () => {
    const [input, weight, bias] = [random([1, 2, 4, 3], 1), random([2, 2, 3, 2], 2), random([2], 3)];
    const options = { stride: 2, padding: 1 };
    gradCheck((x, w, b) => conv2d(x, w, b, options), [input, weight, bias]);
    gradCheck((x, w) => conv2d(x, w, null, options), [input, weight]);
    const inputs = [input, weight, bias].map(({ values, shape }) => tensor(values, shape));
    for (const only of [0, 1, 2]) {
      const asked = inputs.map((one, i) => (i === only ? tensor(one.data.slice(), one.shape, { requiresGrad: true }) : one));
      conv2d(asked[0], asked[1], asked[2], options).sum().backward();
      expect(asked.map((one) => one.grad !== null)).toEqual([0, 1, 2].map((i) => i === only));
      asked[only].dispose();
    }
    for (const made of inputs) made.dispose();
  });

  test("rejects shapes that do not fit together", () => {
    const make = (...shape: number[]) => tensor(normals(sizeOf(shape)), shape);
    const [input, weight, bias, flat] = [make(2, 3, 5, 6), make(4, 3, 3, 3), make(4), make(3, 5, 6)];
    const [other, wide, five, empty] = [make(4, 2, 3, 3), make(4, 3, 3, 9), make(5), make(4, 3, 0, 3)];
    const single = make(4, 1, 3, 3);
    expectError(() => conv2d(flat, weight), "shape", /input \[3, 5, 6\] and weight \[4, 3, 3, 3\], expected \[B, I, H, W\]/);
    expectError(() => conv2d(input, other), "shape", /weight \[4, 2, 3, 3\], expected/);
    expectError(() => conv2d(input, weight, null, { groups: 2 }), "shape", /in 2 groups, expected \[B, I, H, W\] and \[O, I \/ 2, /);
    expectError(() => conv2d(input, single, null, { groups: 3 }), "shape", /has 4 output channels, expected a multiple of groups, 3/);
    expectError(() => conv2d(input, weight, null, { dilation: 3 }), "shape", /a kernel of 3 x 3 with dilation 3 does not fit/);
    expectError(() => conv2d(input, weight, five), "shape", /bias has shape \[5\], expected \[4\], one per output channel/);
    expectError(() => conv2d(input, wide), "shape", /a kernel of 3 x 9 does not fit planes of 5 x 6 with padding 0/);
    expectError(() => conv2d(input, empty), "shape", /a kernel of 0 x 3 does not fit/);
    bias.dispose();
    expectError(() => conv2d(input, weight, bias), "disposed", /was disposed/);
    for (const made of [input, weight, flat, other, wide, five, empty, single]) made.dispose();
  });

  test("rejects options it does not know, senseless ones, and what is no tensor", () => {
    const [input, weight] = [tensor([1], [1, 1, 1, 1]), tensor([1], [1, 1, 1, 1])];
    const wrong = (options: object) => () => conv2d(input, weight, null, options);
    expectError(wrong({ stride: 0 }), "option", /stride is 0, expected a finite number of at least 1/);
    expectError(wrong({ stride: 1.5 }), "option", /stride is 1\.5, expected an integer/);
    expectError(wrong({ padding: -1 }), "option", /padding is -1/);
    expectError(wrong({ padding: 2 ** 28 }), "option", /padding is 268435456, expected a finite number from 0 to 134217728/);
    expectError(wrong({ padding: "valid" }), "option", /padding is "valid", expected a number or "same"/);
    expectError(wrong({ padding: "same", stride: 2 }), "option", /padding is "same", expected a number where stride is 2/);
    expectError(wrong({ dilation: 0 }), "option", /dilation is 0, expected a finite number from 1/);
    expectError(wrong({ exact: 1 }), "option", /exact is 1, expected true or false/);
    expectError(wrong({ groups: 0.5 }), "option", /groups is 0\.5/);
    expectError(wrong({ output: 2 }), "option", /has no option "output"; it knows stride, padding, dilation, groups/);
    expectError(
      () => conv2d(input, weight, { stride: 2 } as unknown as Tensor),
      "shape",
      /bias is a value of type Object, expected a Tensor/,
    );
    expectError(() => conv2d(input, 2 as unknown as Tensor), "shape", /weight is 2, expected a Tensor/);
    expectError(() => conv2d([1] as unknown as Tensor, weight), "shape", /input is an array of 1, expected a Tensor/);
    for (const made of [input, weight]) made.dispose();
  });
});
