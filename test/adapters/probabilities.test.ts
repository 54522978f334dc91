import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { watchProbabilities } from "../../src/adapters/probabilities.js";
import { normals } from "../helpers/random.js";

const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
beforeEach(() => warn.mockClear());
afterEach(() => warn.mockClear());

const sigmoid = (values: Float32Array) => values.map((x) => 1 / (1 + Math.exp(-x)));

/** Softmax of rows [P, C]. */
function softmax(values: Float32Array, classes: number): Float32Array {
  return values.map((x, i) => {
    const row = values.slice(i - (i % classes), i - (i % classes) + classes);
    return Math.exp(x) / row.reduce((sum, one) => sum + Math.exp(one), 0);
  });
}

const rows = softmax(normals(24, 1), 3);

describe("watchProbabilities(name, layout, outputs)", () => {
  test("warns once of a softmax, in either layout, and names the cure", () => {
    const planes = Float32Array.from(rows, (_, i) => rows[(i % 8) * 3 + Math.floor(i / 8)]);
    for (const [layout, values, shape] of [
      ["NHWC", rows, [1, 2, 4, 3]],
      ["NCHW", planes, [1, 3, 2, 4]],
      ["NCHW", rows, [8, 3]],
    ] as const) {
      warn.mockClear();
      const watch = watchProbabilities("lovaszSoftmax", layout, "yPred");
      for (let step = 0; step < 5; step++) watch(values, shape);
      expect(warn).toHaveBeenCalledTimes(1);
      expect(warn.mock.calls[0][0]).toMatch(
        /^lovaszSoftmax: yPred looks like probabilities.*pass \{ fromLogits: false \}, or remove the softmax/,
      );
    }
    // the other layout tells nothing
    warn.mockClear();
    watchProbabilities("lovaszSoftmax", "NCHW", "yPred")(rows, [1, 3, 2, 4]);
    expect(warn).not.toHaveBeenCalled();
  });

  test("warns of a sigmoid, at once or within three steps", () => {
    for (const [name, cure] of [
      ["lovaszSigmoid", /pass \{ fromLogits: false \}, or remove the sigmoid/],
      ["lovaszHinge", /remove the sigmoid at the end of the model, or use lovaszSigmoid\(\{ fromLogits: false \}\)/],
    ] as const) {
      warn.mockClear();
      watchProbabilities(name, "NHWC", "yPred")(sigmoid(normals(64, 2)), [1, 8, 8, 1]);
      expect(warn).toHaveBeenCalledTimes(1);
      expect(warn.mock.calls[0][0]).toMatch(cure);
      // low ones, or few: in three steps
      const watch = watchProbabilities(name, "NHWC", "yPred");
      const few = sigmoid(normals(8, 2).map((x) => -2 - Math.abs(x)));
      for (let step = 0; step < 3; step++) {
        expect(warn).toHaveBeenCalledTimes(1);
        watch(few, [8, 1]);
      }
      expect(warn).toHaveBeenCalledTimes(2);
    }
  });

  test("says nothing of logits: those of an untrained network, zeros, all alike, not numbers, or none", () => {
    const zeros = new Float32Array(64);
    const small = normals(64, 4).map((x) => Math.abs(x) / 20);
    for (const name of ["lovaszHinge", "lovaszSigmoid"] as const) {
      const shape = [1, 8, 8, 1];
      for (const values of [
        normals(64, 3),
        zeros,
        zeros.fill(0.7),
        small.with(63, -0.01),
        small.with(0, Number.NaN),
        new Float32Array(0),
      ]) {
        const watch = watchProbabilities(name, "NHWC", "yPred");
        for (let step = 0; step < 5; step++) watch(values, shape);
      }
      // positive at first, and then not
      const watch = watchProbabilities(name, "NHWC", "yPred");
      watch(small, shape);
      watch(small.with(7, -0.5), shape);
      for (let step = 0; step < 5; step++) watch(small.with(7, 0.9), shape);
    }
    for (const values of [normals(24, 3), new Float32Array(24), small.slice(0, 24), rows.with(23, rows[23] + 0.01)]) {
      const watch = watchProbabilities("lovaszSoftmax", "NHWC", "yPred");
      for (let step = 0; step < 5; step++) watch(values, [8, 3]);
    }
    const single = watchProbabilities("lovaszSoftmax", "NHWC", "yPred");
    for (let step = 0; step < 5; step++) single(new Float32Array(24).fill(1), [24, 1]);
    expect(warn).not.toHaveBeenCalled();
  });
});
