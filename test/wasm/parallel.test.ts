import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { setThreads, threads } from "../../src/index.js";
import { tidy } from "../../src/tensor/scope.js";
import { Tensor, tensor } from "../../src/tensor/tensor.js";
import { parallel } from "../../src/wasm/parallel.js";
import { normals } from "../helpers/random.js";
import { WORKER } from "../helpers/worker.js";

const N = 2 ** 20 + 3;

function reluOf(values: Float32Array): Float32Array {
  return tidy(() => {
    const a = tensor(values, [values.length]);
    const out = Tensor.empty(a.shape);
    parallel("relu_f32", { count: a.size, step: 16 }, (from, count) => [a.pointer + 4 * from, out.pointer + 4 * from, count]);
    return out.copy();
  });
}

describe("parallel", () => {
  beforeAll(() => setThreads(2, { worker: WORKER }));
  afterAll(() => setThreads(1));

  test("gives what one thread gives", async () => {
    expect(threads()).toBe(2);
    const values = normals(N, 1);
    const expected = values.map((value) => Math.max(value, 0));
    for (let i = 0; i < 100; i++) {
      expect(Buffer.compare(Buffer.from(reluOf(values).buffer), Buffer.from(expected.buffer))).toBe(0);
    }
    const t = performance.now();
    for (let i = 0; i < 100; i++) reluOf(values);
    console.log(performance.now() - t);
    await setThreads(1);
    const t1 = performance.now();
    for (let i = 0; i < 100; i++) reluOf(values);
    console.log(performance.now() - t1);
  });
});
