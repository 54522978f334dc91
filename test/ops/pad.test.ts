// Margins of zeros, and negative ones.
import { describe, expect, test } from "vitest";
import { memory, pad, type Tensor, tensor } from "../../src/index.js";
import { expectSame } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { gradCheck } from "../helpers/gradCheck.js";
import { normals } from "../helpers/random.js";
import { at, build, type Nd, sizeOf } from "../oracle/nd.js";

type Margins = [left: number, right: number, top: number, bottom: number];

function reference(a: Nd, [left, right, top, bottom]: Margins): Nd {
  const [height, width] = a.shape.slice(-2);
  return build([...a.shape.slice(0, -2), top + height + bottom, left + width + right], (index) => {
    const [y, x] = [index[index.length - 2] - top, index[index.length - 1] - left];
    return y >= 0 && y < height && x >= 0 && x < width ? at(a, [...index.slice(0, -2), y, x]) : 0;
  });
}

function expectRight(shape: readonly number[], margins: Margins): void {
  const before = memory();
  const a: Nd = { shape, values: Float64Array.from(normals(sizeOf(shape), 2)) };
  const expected = reference(a, margins);
  const made = tensor(a.values, shape, { requiresGrad: true });
  const out = pad(made, margins);
  expect(out.shape).toEqual(expected.shape);
  expectSame(out.data, expected.values);
  const upstream: Nd = { shape: expected.shape, values: Float64Array.from(normals(sizeOf(expected.shape), 3)) };
  const incoming = tensor(upstream.values, upstream.shape);
  out.backward(incoming);
  const inverse = margins.map((margin) => -margin) as Margins;
  expectSame(made.grad?.data ?? [], reference(upstream, inverse).values);
  for (const one of [made, out, incoming]) one.dispose();
  expect(memory()).toEqual(before);
}

const all: Margins[] = [
  [0, 0, 0, 0],
  [1, 2, 3, 4],
  [1, 0, 0, 0],
  [0, 5, 0, 0],
  [0, 0, 1, 0],
  [0, 0, 0, 2],
  [-1, 0, 0, 0],
  [0, -1, -1, -1],
  [2, -2, -1, 3],
  [-3, 2, 4, -2],
  [-2, -2, 0, 0],
  [-4, 0, 0, 0],
  [-4, 3, 0, -3],
];

describe("pad", () => {
  test.each(all)("[%i, %i, %i, %i] adds zeros or crops, and its gradient does the opposite", (...margins) => {
    for (const shape of [
      [3, 4],
      [2, 3, 4],
      [2, 3, 5, 7],
      [0, 3, 4],
    ]) {
      expectRight(shape, margins);
    }
    gradCheck((x) => pad(x, margins), [{ shape: [2, 3, 4], values: normals(24, 4) }]);
  });

  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 37])("of planes %i wide, and as high", (length) => {
    expectRight([2, 2, length], [1, 2, 0, 1]);
    expectRight([2, length, 2], [1, 2, 0, 1]);
    expectRight([2, length, 2], [0, 0, -length, 1]);
    expectRight([2, 2, length], [5, -length, 0, 0]);
  });

  test("takes typed arrays, and reads its margins before it allocates", () => {
    const a = tensor([1, 2], [1, 2]);
    const margins = tensor([1, 0, 0, 1]);
    const outs = [pad(a, margins.data as never), pad(a, Int8Array.of(1, 0, 0, 1) as never)];
    for (const out of outs) {
      expect(out.toArray()).toEqual([
        [0, 1, 2],
        [0, 0, 0],
      ]);
    }
    for (const made of [a, margins, ...outs]) made.dispose();
  });

  test("writes no NaN where a NaN is cropped", () => {
    const a = tensor([NaN, 2], [1, 2], { requiresGrad: true });
    const out = pad(a, [-1, 1, 0, 0]);
    expectSame(out.data, [2, 0]);
    out.backward([[3, NaN]]);
    expectSame(a.grad?.data ?? [], [0, 3]);
    for (const made of [a, out]) made.dispose();
  });

  test("rejects margins that crop more than there is, others than four whole numbers, and what has no planes", () => {
    const [a, flat] = [tensor(normals(12), [3, 4]), tensor([1, 2])];
    for (const margins of [
      [-5, 0, 0, 0],
      [-5, 9, 0, 0],
      [-2, -3, 0, 0],
      [0, 0, -2, -2],
      [0, 0, 9, -4],
    ] as Margins[]) {
      expectError(() => pad(a, margins), "shape", /^pad\(a, margins\): margins is \[.*\], which crops more than the 3 x 4 pixels/);
    }
    for (const wrong of [undefined, null, 1, "1234", [], [1], [1, 2, 3], [1, 2, 3, 4, 5], { left: 1 }]) {
      expectError(() => pad(a, wrong as never), "option", /^pad\(a, margins\): margins is .*, expected \[left, right, top, bottom\]/);
    }
    for (const wrong of [0.5, NaN, Infinity, "1", null, undefined, 2 ** 31]) {
      expectError(() => pad(a, [0, wrong as number, 0, 0]), "option", /^pad\(a, margins\): margins\[1\] is .*, expected an? /);
    }
    expectError(() => pad(flat, [1, 1, 1, 1]), "shape", /the tensor has shape \[2\], expected \[\.\.\., height, width\]/);
    expectError(() => pad([[1]] as unknown as Tensor, [1, 1, 1, 1]), "shape", /a is an array of 1, expected a Tensor/);
    expectError(() => pad(a, [2 ** 28, 0, 2 ** 28, 0]), "memory", /cannot allocate \d+ bytes/);
    a.dispose();
    expectError(() => pad(a, [1, 1, 1, 1]), "disposed", /was disposed/);
    flat.dispose();
  });
});
