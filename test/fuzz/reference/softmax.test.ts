import { expect, test } from "vitest";
import type { LossCase } from "../../../src/fuzz/index.js";
import { rowsOf, softmaxOf } from "../../../src/fuzz/reference/softmax.js";
import { expectClose } from "../../helpers/closeTo.js";

const of = (values: number[], shape: number[]): LossCase => ({
  kind: "softmax-logits",
  values: Float32Array.from(values),
  labels: new Int32Array(values.length / shape[1]),
  options: { shape },
  salt: 0,
});

test("rowsOf(example) are the offsets of each pixel's classes", () => {
  const example = of(new Array(12).fill(0), [2, 3, 1, 2]);
  expect(rowsOf(example)).toEqual([
    [0, 2, 4],
    [1, 3, 5],
    [6, 8, 10],
    [7, 9, 11],
  ]);
});

test("softmaxOf(example) is exp(x) over its sum, of the classes of each pixel, of huge logits too", () => {
  const { probabilities } = softmaxOf(of([0, 1e4, Math.log(3), 1e4 - 1000], [1, 2, 1, 2]));
  expectClose([...probabilities], [1 / 4, 1, 3 / 4, 0], { absolute: 1e-7, relative: 0 });
});

test("softmaxOf(example).rounding is larger where a logarithm of the sum is rounded at the size of the logits", () => {
  const { rounding } = softmaxOf(of([0, 1000, 0, 1000], [1, 2, 1, 2]));
  expect(rounding[0]).toBeCloseTo(2 ** -17, 9);
  expect(rounding[1]).toBeCloseTo(2 ** -17 + 1000 * 2 ** -22, 6);
  // but by no more than that logarithm
  const { rounding: sure } = softmaxOf(of([1e30, 0], [1, 2, 1, 1]));
  expect(sure[0]).toBe(2 ** -17);
});
