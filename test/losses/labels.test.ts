import { expect, test } from "vitest";
import { lovaszGrad, tensor } from "../../src/index.js";
import { memorySize } from "../../src/wasm/memory.js";
import { expectSame } from "../helpers/closeTo.js";

test("the labels of a tensor are read though memory grows meanwhile", () => {
  // more than all of memory: it grows by no more than they take, and has to grow again for their copy
  const length = memorySize() / 4 + 1000;
  const values = Float32Array.from({ length }, (_, i) => Number(i % 3 === 0));
  const labels = tensor(values);
  expect(labels.data.length).toBe(values.length);
  const before = memorySize();
  const weights = lovaszGrad(labels);
  expect(memorySize()).toBeGreaterThan(before);
  expectSame(weights, lovaszGrad(values));
  labels.dispose();
});
