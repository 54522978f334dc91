// Kernels on raw memory: none writes past its result, which may be followed by padding to whole vectors where the kernel's
// comment says so, and by another result's first element where it does not. Their values are the business of test/ops.
import { describe, expect, test } from "vitest";
import { taskWriter } from "../../src/losses/task.js";
import { tidy } from "../../src/tensor/scope.js";
import { kernels } from "../../src/wasm/instance.js";
import { scratch, viewF32, viewI32, viewU8 } from "../../src/wasm/memory.js";
import { normals } from "../helpers/random.js";

const guard = 77;
const margin = 64;

type Run = (out: number, a: number, b: number, n: number) => void;

// Runs `run` with two inputs of 4096 elements and asserts that it wrote every one of `size` elements and nothing beside them.
function expectWithin(size: number, vectors: boolean, run: (out: number, a: number, b: number) => void): void {
  const padded = vectors ? 4 * Math.ceil(size / 4) : size;
  scratch([4 * (margin + padded + margin), 4 * 4096, 4 * 4096], (block, a, b) => {
    viewF32(a, 4096).set(normals(4096, 1));
    viewF32(b, 4096).set(normals(4096, 2));
    viewF32(block, margin + padded + margin).fill(guard);
    run(block + 4 * margin, a, b);
    const after = viewF32(block, margin + padded + margin);
    expect(
      [...after.subarray(0, margin), ...after.subarray(margin + padded)].every((x) => x === guard),
      "writes outside",
    ).toBe(true);
    expect(
      after.subarray(margin, margin + size).every((x) => x !== guard),
      "leaves out elements",
    ).toBe(true);
  });
}

const vectorKernels: Record<string, Run> = {
  ...Object.fromEntries(
    (["add_f32", "sub_f32", "mul_f32", "div_f32"] as const).map((name) => [name, (out, a, b, n) => kernels[name](a, b, out, n)]),
  ),
  ...Object.fromEntries(
    (["neg_f32", "exp_f32", "log_f32", "sqrt_f32", "abs_f32", "relu_f32", "sigmoid_f32", "tanh_f32"] as const).map((name) => [
      name,
      (out, a, _b, n) => kernels[name](a, out, n),
    ]),
  ),
  ...Object.fromEntries(
    (["expGrad_f32", "logGrad_f32", "sqrtGrad_f32", "absGrad_f32", "reluGrad_f32", "sigmoidGrad_f32", "tanhGrad_f32"] as const).map(
      (name) => [name, (out, a, b, n) => kernels[name](a, b, out, n)],
    ),
  ),
  ...Object.fromEntries(
    (["silu", "gelu", "hardswish", "relu6"] as const).flatMap((name): [string, Run][] => [
      [`${name}_f32`, (out, a, _b, n) => kernels[`${name}_f32`](a, out, n)],
      [`${name}Grad_f32`, (out, a, b, n) => kernels[`${name}Grad_f32`](a, b, out, n)],
    ]),
  ),
  leakyRelu_f32: (out, a, _b, n) => kernels.leakyRelu_f32(a, 0.01, out, n),
  leakyReluGrad_f32: (out, a, b, n) => kernels.leakyReluGrad_f32(a, 0.01, b, out, n),
  fill_f32: (out, _a, _b, n) => kernels.fill_f32(3, out, n),
  scale_f32: (out, a, _b, n) => kernels.scale_f32(a, 3, out, n),
  addScaled_f32: (out, a, _b, n) => kernels.addScaled_f32(out, a, 3, n),
};

const exactKernels: Record<string, Run> = {
  reluGradSums_f32: (out, a, b, n) => kernels.reluGradSums_f32(a, b, out, a, 1, n),
  pow_f32: (out, a, _b, n) => kernels.pow_f32(a, 2, out, n),
  powGrad_f32: (out, a, b, n) => kernels.powGrad_f32(a, 2, b, out, n),
  "powGrad_f32 with exponent 0": (out, a, b, n) => kernels.powGrad_f32(a, 0, b, out, n),
  "sum_f32 of rows": (out, a, _b, n) => kernels.sum_f32(a, out, n, 3, 1, 1),
  "sum_f32 of columns": (out, a, _b, n) => kernels.sum_f32(a, out, 1, 3, n, 1),
  cumsum_f32: (out, a, _b, n) => kernels.cumsum_f32(a, out, 1, n, 1, false),
  "cumsum_f32 in reverse": (out, a, _b, n) => kernels.cumsum_f32(a, out, 1, 1, n, true),
  max_f32: (out, a, b, n) => kernels.max_f32(a, out, b, 1, 3, n),
  "softmax_f32 of a row": (out, a, _b, n) => kernels.softmax_f32(a, out, n > 0 ? 1 : 0, n, 1, false),
  "softmax_f32 of columns": (out, a, _b, n) => kernels.softmax_f32(a, out, 1, 1, n, true),
  softmaxGrad_f32: (out, a, b, n) => kernels.softmaxGrad_f32(a, b, out, 1, 1, n, false),
  "matmul_f32 of one row": (out, a, b, n) => kernels.matmul_f32(a, 5, 1, b, out, 1, n, 5),
  "matmul_f32 of one column": (out, a, b, n) => kernels.matmul_f32(a, 5, 1, b, out, n, 1, 5),
  copyBlocks: (out, a, _b, n) => kernels.copyBlocks(a, 0, out, 0, 4 * n, 1),
  maxPool2d_f32: (out, a, b, n) => kernels.maxPool2d_f32(a, out, b, 1, 2, 2 * n + 1, 2),
  sumPool2d_f32: (out, a, _b, n) => kernels.sumPool2d_f32(a, out, 1, 2, 2 * n + 1, 2, 1),
  gather_f32: (out, a, b, n) => {
    viewI32(b, n).fill(5);
    kernels.gather_f32(a, b, out, n, 1);
  },
  stridedCopy_f32: (out, a, b, n) => {
    if (n === 0) return; // the caller's business
    viewI32(b, 2).set([n, 0]);
    kernels.stridedCopy_f32(a, out, 1, b, b + 4, b + 8);
  },
  sort_f32: (out, a, b, n) => {
    scratch([8 * n, 8 * n, 24_576], (records, spare, counters) => {
      kernels.sort_f32(a, out, b, n, false, records, spare, counters);
    });
  },
};

const small = [...Array(20).keys()];

describe("kernels write their result and nothing beside it", () => {
  test.each(Object.entries(vectorKernels))("%s, in whole vectors", (_, run) => {
    for (const n of [...small, 1001]) expectWithin(n, true, (out, a, b) => run(out, a, b, n));
  });

  test.each(Object.entries(exactKernels))("%s, to the element", (_, run) => {
    for (const n of [...small, 301]) expectWithin(n, false, (out, a, b) => run(out, a, b, n));
  });

  test.each([1, 4, 3, 20])("swapAxes of cells of %i bytes, to the element, each where it belongs", (bytes) => {
    for (const rows of [...small, 63, 64, 65, 80]) {
      for (const columns of [0, 1, 2, 3, 4, 5, 6, 7, 64, 66]) {
        const cells = 2 * rows * columns;
        scratch([cells * bytes + 16, cells * bytes + 32], (from, block) => {
          const values = viewU8(from, cells * bytes).map((_, i) => (i * 7 + (i >> 8)) & 255);
          viewU8(from, cells * bytes).set(values);
          viewU8(block, cells * bytes + 32).fill(guard);
          kernels.swapAxes(from, block + 16, 2, rows, columns, bytes);
          const expected = new Uint8Array(cells * bytes + 32).fill(guard);
          for (let cell = 0; cell < cells; cell++) {
            const [b, i, j] = [Math.floor(cell / rows / columns), Math.floor(cell / columns) % rows, cell % columns];
            const to = 16 + ((b * columns + j) * rows + i) * bytes;
            expected.set(values.subarray(cell * bytes, (cell + 1) * bytes), to);
          }
          expect(Buffer.compare(viewU8(block, cells * bytes + 32), expected)).toBe(0);
        });
      }
    }
  });

  test("softmaxKeys_f32 of no classes, nothing", () => {
    expectWithin(0, false, (out, a, b) => {
      viewI32(b, 20).fill(-1);
      const fields = {
        values: out,
        labels: b,
        probabilities: out,
        keys: out,
        otherSums: a,
        argmax: a,
        classes: 0,
        pixels: 20,
      };
      tidy(() => kernels.softmaxKeys_f32(taskWriter(1)(0, fields), out));
    });
  });

  test.each([1, 2, 3])("upsampleNearest_f32 by %i, to the element", (scale) => {
    for (const width of small) {
      for (const height of [0, 1, 2, 3, 5]) {
        expectWithin(2 * height * width, false, (out, a) => kernels.upsampleNearest_f32(a, out, 2, height, width, scale, 1));
      }
    }
  });
});
