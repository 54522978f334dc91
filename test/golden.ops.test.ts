// The operators against golden cases that another framework computed: values and gradients.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as lovasz from "../src/index.js";
import { expectClose } from "./helpers/closeTo.js";

interface Golden {
  name: string;
  op: string;
  fn: string;
  meta: Record<string, unknown>;
  inputs: { shape: number[]; values: number[] }[];
  upstream: number[];
  outShape: number[];
  out: number[];
  grads: number[][];
}

const file = new URL("../../shared/golden/cases.json", import.meta.url);
const present = existsSync(file);
if (!present) console.warn("skipped: the golden operator cases, for ../shared/golden/cases.json is absent");
const cases: Golden[] = present ? JSON.parse(readFileSync(file, "utf8")).cases.filter(({ op }: Golden) => op === "tensor") : [];

type Operator = (...all: unknown[]) => lovasz.Tensor;
const operators = { ...lovasz } as unknown as Record<string, Operator>;

// what follows the input tensors in a call
const trailing: Record<string, (meta: Record<string, unknown>) => unknown[]> = {
  pow: ({ exponent }) => [exponent],
  softmax: ({ axis }) => [axis],
  logSoftmax: ({ axis }) => [axis],
  sum: ({ axis }) => [axis],
  mean: ({ axis }) => [axis],
  max: ({ axis }) => [axis],
  cumsum: ({ axis }) => [axis],
  sort: (meta) => [meta],
  gather: ({ index }) => [index],
  reshape: ({ shape }) => [shape],
  transpose: ({ axes }) => [axes],
  conv2d: (meta) => [meta],
  maxPool2d: ({ size }) => [size],
  avgPool2d: ({ size }) => [size],
  upsampleNearest: ({ scale }) => [scale],
};

describe.skipIf(!present)("golden operator cases", () => {
  const close = { absolute: 5e-5, relative: 5e-5 };

  test("there are some", () => {
    expect(cases.length).toBeGreaterThan(20);
  });

  test.each(cases)("$name", ({ fn, meta, inputs, upstream, outShape, out, grads }) => {
    const before = lovasz.memory();
    const leaves = inputs.map(({ shape, values }) => lovasz.tensor(values, shape, { requiresGrad: true }));
    const rest = trailing[fn]?.(meta) ?? [];
    const [first, ...others] = leaves;
    // as a function and as a method
    const method = (first as unknown as Record<string, Operator>)[fn];
    const results = [operators[fn](...leaves, ...rest), method.call(first, ...others, ...rest)];
    for (const result of results) {
      expect(result.shape).toEqual(outShape);
      expectClose(result.data, out, close, "out");
      const given = lovasz.tensor(upstream, outShape);
      result.backward(given);
      leaves.forEach((leaf, i) => {
        expectClose(leaf.grad?.data ?? [], grads[i], close, `gradient of input ${i}`);
        leaf.grad?.dispose();
      });
      given.dispose();
    }
    for (const made of [...leaves, ...results]) made.dispose();
    expect(lovasz.memory()).toEqual(before);
  });
});
