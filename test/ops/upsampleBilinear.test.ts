// Planes enlarged by linear interpolation.
import { describe, expect, test } from "vitest";
import { memory, type Tensor, tensor, upsampleBilinear } from "../../src/index.js";
import { expectClose, expectSame } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { lengths } from "../helpers/lengths.js";
import { testOperatorCases } from "../helpers/networkCases.js";
import { normals } from "../helpers/random.js";
import { at, build, flatIndex, indices, type Nd, sizeOf } from "../oracle/nd.js";

testOperatorCases("upsampleBilinear", (x, { scale, ...rest }) => upsampleBilinear(x, scale, rest));

// the pixels that an output takes part of, with their weights
function tapsOf(output: number, extent: number, scale: number, alignCorners: boolean): [pixel: number, weight: number][] {
  const aligned = extent > 1 ? (output * (extent - 1)) / (extent * scale - 1) : 0;
  const position = alignCorners ? aligned : Math.min(Math.max((output + 0.5) / scale - 0.5, 0), extent - 1);
  const lower = Math.min(Math.floor(position), extent - 1);
  return [
    [lower, 1 - (position - lower)],
    [Math.min(lower + 1, extent - 1), position - lower],
  ];
}

// calls `visit` with the index of each output, that of each pixel it takes part of, and the weight
function eachTap(
  a: readonly number[],
  scale: number,
  alignCorners: boolean,
  visit: (to: number[], from: number[], weight: number) => void,
) {
  const [height, width] = a.slice(-2);
  for (const to of indices(outShape(a, scale))) {
    const lead = to.slice(0, -2);
    const [y, x] = to.slice(-2);
    for (const [row, v] of tapsOf(y, height, scale, alignCorners)) {
      for (const [column, h] of tapsOf(x, width, scale, alignCorners)) visit(to, [...lead, row, column], v * h);
    }
  }
}

const outShape = (shape: readonly number[], scale: number) => [...shape.slice(0, -2), ...shape.slice(-2).map((extent) => extent * scale)];

function reference(a: Nd, scale: number, alignCorners: boolean): Nd {
  const out = build(outShape(a.shape, scale), () => 0);
  eachTap(a.shape, scale, alignCorners, (to, from, weight) => {
    out.values[flatIndex(out.shape, to)] += weight * at(a, from);
  });
  return out;
}

function adjoint(shape: readonly number[], upstream: Nd, scale: number, alignCorners: boolean): Nd {
  const out = build(shape, () => 0);
  eachTap(shape, scale, alignCorners, (to, from, weight) => {
    out.values[flatIndex(shape, from)] += weight * at(upstream, to);
  });
  return out;
}

function expectRight(shape: readonly number[], scale: number, alignCorners: boolean): void {
  const before = memory();
  const a: Nd = { shape, values: Float64Array.from(normals(sizeOf(shape), 2)) };
  const expected = reference(a, scale, alignCorners);
  const upstream: Nd = { shape: expected.shape, values: Float64Array.from(normals(sizeOf(expected.shape), 3)) };
  const made = tensor(a.values, shape, { requiresGrad: true });
  const out = upsampleBilinear(made, scale, { alignCorners });
  expect(out.shape).toEqual(expected.shape);
  expectClose(out.data, expected.values);
  const incoming = tensor(upstream.values, upstream.shape);
  out.backward(incoming);
  expectClose(made.grad?.data ?? [], adjoint(shape, upstream, scale, alignCorners).values, { absolute: 1e-6 * scale * scale });
  for (const one of [made, out, incoming]) one.dispose();
  expect(memory()).toEqual(before);
}

const shapes = [
  [1, 1],
  [2, 3, 4, 5],
  [2, 2, 8],
  [3, 2, 11],
  [3, 1, 7],
  [2, 7, 1],
  [0, 2, 2],
  [2, 0, 3],
  [2, 3, 0],
  [1, 0, 1, 1],
];
const ways = [1, 2, 3, 4, 7].flatMap((scale) => [false, true].map((alignCorners) => [scale, alignCorners] as const));

describe.each(ways)("upsampleBilinear by %i, alignCorners %s", (scale, alignCorners) => {
  test.each(shapes.map((shape) => [shape]))("of shape %j interpolates, and distributes the gradients back", (shape) => {
    expectRight(shape, scale, alignCorners);
    gradCheck((x) => upsampleBilinear(x, scale, { alignCorners }), [{ shape, values: normals(sizeOf(shape), 4) }]);
  });

  test.each(lengths.filter((n) => n < 400))("of planes %i wide, and as high", (length) => {
    expectRight([2, 2, length], scale, alignCorners);
    expectRight([2, length, 3], scale, alignCorners);
  });

  test("leaves a constant plane as it is, and pixels without weight out, even infinite ones", () => {
    const a = tensor([3, 3, 3, 3, 3, 3, 3, 3, 3, 3], [2, 5]);
    const row = tensor([1, Infinity, 2], [1, 3]);
    const [flat, infinite] = [a, row].map((one) => upsampleBilinear(one, scale, { alignCorners }));
    expectClose(flat.data, new Float32Array(10 * scale * scale).fill(3));
    expect([infinite.data[0], infinite.data[3 * scale - 1]]).toEqual([1, 2]);
    expect([...infinite.data].some(Number.isNaN)).toBe(false);
    for (const made of [a, row, flat, infinite]) made.dispose();
  });
});

describe("upsampleBilinear", () => {
  test("gives the same pixels with scale 1", () => {
    const a = tensor([1, Infinity, -0, 4, 1e30, 6], [2, 3]);
    for (const alignCorners of [false, true]) {
      const out = upsampleBilinear(a, 1, { alignCorners });
      expectClose(out.data, a.data);
      out.dispose();
    }
    a.dispose();
  });

  test("repeats a plane of a single pixel exactly", () => {
    const a = tensor([Math.fround(0.1)], [1, 1]);
    for (const [scale, alignCorners] of ways) {
      const out = upsampleBilinear(a, scale, { alignCorners });
      expectSame(out.data, new Float32Array(scale * scale).fill(0.1));
      out.dispose();
    }
    a.dispose();
  });

  test("does not align corners unless told to", () => {
    const a = tensor([0, 4], [1, 2]);
    const outs = [upsampleBilinear(a, 2), upsampleBilinear(a, 2, {}), upsampleBilinear(a, 2, { alignCorners: undefined })];
    for (const out of outs) expect(out.toArray()).toEqual(Array(2).fill([0, 1, 3, 4]));
    for (const made of [a, ...outs]) made.dispose();
  });

  test("rejects scales that are none, unknown options, tensors without planes, and what is no tensor", () => {
    const [a, flat] = [tensor(normals(12), [3, 4]), tensor([1, 2])];
    for (const wrong of [0, -1, 1.5, "2", null, undefined, NaN, 2 ** 31]) {
      expectError(() => upsampleBilinear(a, wrong as number), "option", /^upsampleBilinear\(a, scale, options\): scale is/);
    }
    for (const wrong of [0, 1, "true", null]) {
      expectError(() => upsampleBilinear(a, 2, { alignCorners: wrong as never }), "option", /alignCorners is .*, expected true or false/);
    }
    expectError(() => upsampleBilinear(a, 2, { align: true } as never), "option", /has no option "align"; it knows alignCorners/);
    expectError(() => upsampleBilinear(a, 2, true as never), "option", /options is true, expected an object/);
    expectError(() => upsampleBilinear(flat, 2), "shape", /the tensor has shape \[2\], expected \[\.\.\., height, width\]/);
    expectError(() => upsampleBilinear(1 as unknown as Tensor, 2), "shape", /a is 1, expected a Tensor/);
    expectError(() => upsampleBilinear(a, 1e6), "memory", /cannot allocate \d+ bytes/);
    a.dispose();
    expectError(() => upsampleBilinear(a, 2), "disposed", /was disposed/);
    flat.dispose();
  });
});
