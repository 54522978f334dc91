// Tensors: how they are made, read and disposed of.
import { describe, expect, test } from "vitest";
import { full, memory, ones, randn, type Tensor, tensor, zeros } from "../../src/index.js";
import { memorySize } from "../../src/wasm/memory.js";
import { expectSame } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";
import { lengths } from "../helpers/lengths.js";
import { normals } from "../helpers/random.js";

describe("tensor", () => {
  test.each(lengths)("copies %i numbers", (n) => {
    const values = normals(n, n);
    const a = tensor(values);
    expect([a.shape, a.size]).toEqual([[n], n]);
    const first = values.slice();
    values.fill(0);
    expectSame(a.data, first);
    expect(a.toArray()).toEqual([...first]);
    a.dispose();
  });

  test("takes numbers, nested arrays, typed arrays of any kind, and mixtures", () => {
    const cases: [Parameters<typeof tensor>[0], number[], number[]][] = [
      [7, [], [7]],
      [[], [0], []],
      [[[], []], [2, 0], []],
      [
        [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
        [3, 2],
        [1, 2, 3, 4, 5, 6],
      ],
      [
        [[[1]], [[2]]],
        [2, 1, 1],
        [1, 2],
      ],
      [
        [new Float32Array([1, 2]), [3, 4]],
        [2, 2],
        [1, 2, 3, 4],
      ],
      [new Uint8Array([1, 255]), [2], [1, 255]],
      [new Float64Array([0.1, 1e300]), [2], [Math.fround(0.1), Infinity]],
      [new Float32Array(0), [0], []],
      [[NaN, -0, Infinity], [3], [NaN, -0, Infinity]],
    ];
    for (const [values, shape, flat] of cases) {
      const a = tensor(values);
      expect(a.shape).toEqual(shape);
      expectSame(a.data, flat);
      a.dispose();
    }
  });

  test("takes a shape for flat values", () => {
    const a = tensor([1, 2, 3, 4, 5, 6], [1, 3, 2]);
    expect(a.toArray()).toEqual([
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    ]);
    const b = tensor(5, [1, 1]);
    expect(b.toArray()).toEqual([[5]]);
    for (const made of [a, b]) made.dispose();
  });

  test("takes a view of another tensor, though its memory may move", () => {
    const a = tensor([1, 2, 3]);
    const made: Tensor[] = [];
    const grown = memorySize();
    // until one of these grows the memory under the view
    while (memorySize() === grown) made.push(tensor(a.data), zeros([200_000]));
    for (const copy of made.filter((one) => one.size === 3)) expect(copy.toArray()).toEqual([1, 2, 3]);
    const view = zeros([1_000_000]);
    const large = tensor(view.data);
    expect(large.size).toBe(1_000_000);
    for (const one of [a, view, large, ...made]) one.dispose();
  });

  test("rejects what is no number or ragged, with the place", () => {
    const wrong = (values: unknown, shape?: unknown) => () => tensor(values as number[], shape as number[]);
    expectError(wrong([1, "2"]), "shape", /tensor\(values, shape\): values\[1\] is "2", expected a number/);
    expectError(wrong([1, null]), "shape", /values\[1\] is null/);
    expectError(wrong([null, 1]), "shape", /values\[0\] is null/);
    expectError(wrong([1, [2]]), "shape", /values\[1\] is an array of 1/);
    expectError(wrong([[1, 2], [3]]), "shape", /values is ragged: an array of 1 on axis 1, expected 2 entries/);
    expectError(wrong([[1], 2]), "shape", /ragged: 2 on axis 1/);
    expectError(wrong(new BigInt64Array(2)), "shape", /values\[0\] is a value of type BigInt, expected a number/);
    for (const none of [null, undefined, "1", {}, true, () => 1, new DataView(new ArrayBuffer(4))]) {
      expectError(wrong(none), "shape", /values is .*, expected a number, a nested array or a Float32Array/);
    }
    const other = tensor([1]);
    expectError(wrong(other), "shape", /values is a value of type Tensor/);
    other.dispose();
    expectError(wrong([1, 2, 3], [2, 2]), "shape", /values has 3 numbers, expected 4 for shape \[2, 2\]/);
    expectError(wrong([1], [-1]), "shape", /shape is \[-1\], expected an array of whole numbers/);
    expectError(wrong([1], 1), "shape", /shape is 1/);
    expectError(() => tensor([1], [1], { requireGrad: true } as object), "option", /has no option "requireGrad"; it knows requiresGrad/);
    expectError(() => tensor([1], [1], { requiresGrad: 1 } as object), "option", /requiresGrad is 1, expected true or false/);
    expectError(() => tensor([1], [1], null as unknown as object), "option", /options is null/);
  });

  test("does not change shape", () => {
    const a = tensor([1, 2]);
    expect(() => (a.shape as number[]).push(3)).toThrow(TypeError);
    a.dispose();
  });
});

describe("zeros, ones, full, randn", () => {
  test.each(lengths)("fill %i elements and no more", (n) => {
    const around = [ones([8]), full([n], 2.5), ones([8])];
    expectSame(around[1].data, Array(n).fill(2.5));
    expectSame(around[0].data, Array(8).fill(1));
    expectSame(around[2].data, Array(8).fill(1));
    for (const made of around) made.dispose();
  });

  test("take any shape and ask for gradients when told", () => {
    const all = [zeros([2, 3], { requiresGrad: true }), ones([]), full([2, 0], NaN), randn([2, 2], { seed: 1, requiresGrad: true })];
    expect(all.map((one) => one.shape)).toEqual([[2, 3], [], [2, 0], [2, 2]]);
    expect(all.map((one) => one.requiresGrad)).toEqual([true, false, false, true]);
    expectSame(all[0].data, [0, 0, 0, 0, 0, 0]);
    expect(all[1].item()).toBe(1);
    for (const made of all) made.dispose();
  });

  test("randn repeats with its seed and differs without", () => {
    const all = [randn([100]), randn([100], { seed: 0 }), randn([100], { seed: 7 })];
    expectSame(all[0].data, all[1].data);
    expect([...all[0].data]).not.toEqual([...all[2].data]);
    for (const made of all) made.dispose();
  });

  test("reject what they cannot use and leave nothing behind", () => {
    expectError(() => zeros([-1]), "shape", /shape is \[-1\]/);
    expectError(() => ones(3 as unknown as number[]), "shape", /shape is 3/);
    expectError(() => full([2], "1" as unknown as number), "option", /full\(shape, value\): value is "1", expected a number/);
    expectError(() => full([2], 1, { requiresGrad: "yes" } as object), "option", /requiresGrad is "yes"/);
    expectError(() => zeros([2], { dtype: "f64" } as object), "option", /has no option "dtype"/);
    expectError(() => randn([2], { seed: 0.5 }), "option", /seed is 0\.5, expected an integer/);
    expectError(() => randn([2], { seed: 1, requiresGrad: 0 } as object), "option", /requiresGrad is 0/);
  });
});

describe("a tensor", () => {
  test("gives its one value, or says that it has more", () => {
    const [one, two, none] = [tensor([[3]]), tensor([1, 2]), tensor([])];
    expect(one.item()).toBe(3);
    expectError(() => two.item(), "shape", /item\(\): the tensor has shape \[2\], expected a single element; use toArray\(\)/);
    expectError(() => none.item(), "shape", /shape \[0\]/);
    for (const made of [one, two, none]) made.dispose();
  });

  test("nests its values as its shape is", () => {
    const shapes = [[], [2], [2, 1], [1, 2, 2], [2, 0], [0, 2]];
    const expected = [
      0,
      [0, 1],
      [[0], [1]],
      [
        [
          [0, 1],
          [2, 3],
        ],
      ],
      [[], []],
      [],
    ];
    shapes.forEach((shape, i) => {
      const a = tensor(
        [0, 1, 2, 3].slice(
          0,
          shape.reduce((x, y) => x * y, 1),
        ),
        shape,
      );
      expect(a.toArray()).toEqual(expected[i]);
      a.dispose();
    });
  });

  test("writes through its data, which lies on a 16-byte boundary", () => {
    const all = lengths.slice(0, 12).map((n) => zeros([n]));
    for (const a of all) {
      expect(a.data.byteOffset % 16).toBe(0);
      a.data.fill(4);
    }
    for (const a of all) {
      expectSame(a.data, Array(a.size).fill(4));
      a.dispose();
    }
  });

  test("is gone once disposed of, and a second time does nothing", () => {
    const before = memory();
    const a = tensor([1, 2], [2], { requiresGrad: true });
    a.mul(2).sum().backward();
    a.dispose();
    a.dispose();
    const message = /tensor of shape \[2\] was disposed; use it before dispose\(\) or the end of tidy\(\)/;
    for (const use of [() => a.data, () => a.toArray(), () => a.detach(), () => a.neg(), () => a.backward([1, 1])]) {
      expectError(use, "disposed", message);
    }
    expect(a.grad).toBeNull();
    expect(a.shape).toEqual([2]);
    expect(memory()).toEqual(before);
  });

  test("shares memory with detach(), which lives as long as either", () => {
    const before = memory();
    const a = tensor([1, 2]);
    const b = a.detach();
    expect(memory().tensors).toBe(before.tensors + 1);
    a.data[0] = 5;
    a.dispose();
    expect(b.toArray()).toEqual([5, 2]);
    b.dispose();
    expect(memory()).toEqual(before);
  });

  test("takes no gradient of another shape, which kernels would read and write beyond its end", () => {
    const a = tensor([1, 2, 3, 4], [4], { requiresGrad: true });
    const short = zeros([1]);
    for (const wrong of [short, 5]) {
      expectError(
        () => {
          a.grad = wrong as Tensor;
        },
        "shape",
        /grad of a tensor of shape \[4\] is .*expected null or a Tensor of that shape/,
      );
    }
    expect(a.grad).toBeNull();
    for (const one of [a, short]) one.dispose();
  });
});
