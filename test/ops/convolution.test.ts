// Which kernel convolves, how exact it is, and that units of work may be computed in any order. What is computed: conv2d.test.ts.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { conv2d, convTranspose2d, type Tensor, tensor } from "../../src/index.js";
import { kernels } from "../../src/wasm/instance.js";
import { scratch, viewF32, viewU8 } from "../../src/wasm/memory.js";
import { expectSame } from "../helpers/closeTo.js";
import { structOf } from "../helpers/convolutionStruct.js";
import { normals } from "../helpers/random.js";
import * as oracle from "../oracle/conv2d.js";
import { type Nd, sizeOf } from "../oracle/nd.js";

interface Shape {
  batch: number;
  groups: number;
  inChannels: number;
  outChannels: number;
  height: number;
  width: number;
  padding: number;
}

type Numbers = (size: number, seed: number) => ArrayLike<number>;
const nd = (shape: readonly number[], numbers: Numbers, seed: number): Nd => ({
  shape,
  values: Float64Array.from(numbers(sizeOf(shape), seed), Math.fround),
});

const integers: Numbers = (size, seed) => normals(size, seed).map((x) => Math.round(3 * x));

// the three passes by our kernels and by float64 loops; channels are those of a group
function passes({ batch, groups, inChannels, outChannels, height, width, padding }: Shape, exact: boolean, numbers: Numbers) {
  const x = nd([batch, groups * inChannels, height, width], numbers, 1);
  const w = nd([groups * outChannels, inChannels, 3, 3], exact ? numbers : normals, 2);
  const window = { stride: 1, padding, groups };
  const out = oracle.conv2d(x, w, null, window);
  const upstream = nd(out.shape, exact ? numbers : normals, 3);
  const gradients = oracle.conv2dGradients(x, w, upstream, window);
  const [input, weight] = [x, w].map(({ values, shape }) => tensor(values, shape, { requiresGrad: true }));
  const [given, made] = [tensor(upstream.values, upstream.shape), conv2d(input, weight, null, { padding, groups, exact })];
  const came = [made.data.slice()];
  made.backward(given);
  for (const { grad } of [input, weight]) came.push((grad as Tensor).data.slice());
  for (const one of [input, weight, given, made]) one.dispose();
  return { x, w, came, expected: [out.values, gradients.input.values, gradients.weight.values] };
}

const largest = (values: ArrayLike<number>) => Array.from(values).reduce((most, v) => Math.max(most, Math.abs(v)), 0);
const furthest = (came: ArrayLike<number>, expected: ArrayLike<number>) => largest(Array.from(came, (v, i) => v - expected[i]));

const sixteen: Shape = { batch: 2, groups: 1, inChannels: 16, outChannels: 12, height: 13, width: 18, padding: 1 };

describe("a convolution of 3 x 3 by Winograd's algorithm", () => {
  test("is within 1e-5 of the largest entry and within the bound of docs/mathematics.md, of numbers of any size and mean", () => {
    const shapes = fc.record({
      batch: fc.integer({ min: 1, max: 3 }),
      groups: fc.constantFrom(1, 1, 2),
      inChannels: fc.integer({ min: 4, max: 20 }),
      outChannels: fc.integer({ min: 4, max: 20 }),
      height: fc.integer({ min: 3, max: 15 }),
      width: fc.integer({ min: 3, max: 15 }),
      padding: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(shapes, fc.constantFrom(0, 1, 100), fc.constantFrom(1e-15, 1, 1e15), (shape, mean, scale) => {
        const { x, w, came, expected } = passes(shape, false, (size, seed) => normals(size, seed).map((v) => scale * (v + mean)));
        const bound = (shape.inChannels + 34) * 2 ** -24 * 620 * shape.inChannels * largest(x.values) * largest(w.values);
        expect(furthest(came[0], expected[0])).toBeLessThan(bound);
        for (const [i, values] of expected.entries()) expect(furthest(came[i], values)).toBeLessThan(1e-5 * largest(values));
      }),
      { numRuns: 15 },
    );
  });

  test("has no such error when exact: sums of integers are integers", () => {
    const exact = passes(sixteen, true, integers);
    for (const [i, values] of exact.expected.entries()) expectSame(exact.came[i], values);
    const { x, w } = exact;
    const [input, weight] = [x, w].map(({ values, shape }) => tensor(values, shape));
    expect([...conv2d(input, weight, null, { padding: 1 }).data]).not.toEqual([...exact.came[0]]);
    const transposed = [true, false].map((exact) => [
      ...convTranspose2d(input, tensor(normals(16 * 9 * 9), [16, 9, 3, 3]), null, { exact }).data,
    ]);
    expect(transposed[0]).not.toEqual(transposed[1]);
    expect(furthest(transposed[0], transposed[1])).toBeLessThan(1e-5 * largest(transposed[0]));
  });

  test("spreads a NaN to the tiles that read it, and no further than its windows when exact", () => {
    const { batch, inChannels, outChannels, height, width } = sixteen;
    const values = normals(batch * inChannels * height * width);
    values[6 * width + 8] = Number.NaN;
    const [x, w] = [
      tensor(values, [batch, inChannels, height, width]),
      tensor(normals(outChannels * inChannels * 9), [outChannels, inChannels, 3, 3]),
    ];
    for (const exact of [true, false]) {
      const out = conv2d(x, w, null, { padding: 1, exact }).data;
      for (let i = 0; i < out.length; i++) {
        const isFirst = i < outChannels * height * width;
        const away = Math.max(Math.abs((Math.floor(i / width) % height) - 6), Math.abs((i % width) - 8));
        if (isFirst && away <= 1) expect(out[i]).toBeNaN();
        else if (!isFirst || away > (exact ? 1 : 4)) expect(out[i]).not.toBeNaN();
      }
    }
  });
});

test("an exact gradient at a stride of 2 multiplies nothing that is infinite by zeros of its own", () => {
  const [side, weight] = [6, tensor(normals(9), [1, 1, 3, 3])];
  const values = normals(side * side);
  values[2 * side + 2] = Number.POSITIVE_INFINITY;
  const out = convTranspose2d(tensor(values, [1, 1, side, side]), weight, null, { stride: 2, padding: 1, exact: true }).data;
  const wide = 2 * side - 1;
  for (let i = 0; i < out.length; i++) {
    const isReached = Math.abs(Math.floor(i / wide) - 4) <= 1 && Math.abs((i % wide) - 4) <= 1;
    expect(Number.isFinite(out[i])).toBe(!isReached);
  }
});

describe("units of a convolution", () => {
  const { FORWARD, INPUT_GRADIENT, WEIGHT_GRADIENT } = kernels;
  const cases = [FORWARD, INPUT_GRADIENT, WEIGHT_GRADIENT].flatMap(({ value: pass }) => [0, 1].map((exact) => ({ pass, exact })));

  test.each(cases)("may be computed in any order, and twice: %o", ({ pass, exact }) => {
    const [batch, channels, side] = [4, 16, 50];
    const images = batch * channels * side * side;
    const weights = channels * channels * 9;
    scratch([kernels.CONVOLUTION_BYTES.value, 4 * images, 4 * images, 4 * weights], (pointer, source, target, weight) => {
      const size = { channels, height: side, width: side, top: 1, left: 1, kernelHeight: 3, kernelWidth: 3, stride: 1, dilation: 1 };
      const fields = {
        ...{ ...size, pass, exact, source, target, weight, bias: 0, batch, groups: 1, weightHeight: 3, weightWidth: 3, limit: 1e9 },
        ...{ windowRows: side, windowColumns: side, targetChannels: channels, targetHeight: side, targetWidth: side },
        ...{ strideY: 1, firstY: 0, phasesY: 1, targetTop: 0, strideX: 1, firstX: 0, phasesX: 1, targetLeft: 0 },
      };
      const result = pass === WEIGHT_GRADIENT.value ? { at: weight, length: weights } : { at: target, length: images };
      const compute = (order: (units: number) => number[]) => {
        for (const [at, length] of [
          [source, images],
          [target, images],
          [weight, weights],
        ]) {
          viewF32(at, length).set(normals(length, at % 7));
        }
        viewU8(pointer, kernels.CONVOLUTION_BYTES.value).set(new Uint8Array(structOf(fields).buffer));
        const [shared, own] = [kernels.planConvolution(pointer), kernels.convolutionScratch(pointer)];
        return scratch([shared, own], (common, room) => {
          kernels.prepareConvolution(pointer, common);
          const before = viewU8(pointer, kernels.CONVOLUTION_BYTES.value).slice();
          const units = kernels.convolutionUnits(pointer);
          expect(units).toBeGreaterThan(3);
          for (const unit of order(units)) {
            viewU8(room, own).fill(255);
            kernels.convolveUnit(pointer, unit, room);
          }
          expect(viewU8(pointer, before.length)).toEqual(before);
          kernels.finishConvolution(pointer);
          return viewF32(result.at, result.length).slice();
        });
      };
      const inOrder = compute((units) => [...Array(units).keys()]);
      const anyOrder = compute((units) => [...Array(units).keys(), 1].reverse());
      expectSame(anyOrder, inOrder);
    });
  });
});
