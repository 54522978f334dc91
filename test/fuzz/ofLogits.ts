// The softmax of logits around a loss of probabilities, step by step, as plain.ts: each step may be replaced.
import type { LossUnderTest } from "../../src/fuzz/index.js";

export interface LogitSteps {
  /** The offsets of the values of each pixel, by class. */
  rows(shape: readonly number[], size: number): number[][];
  /** The probabilities of the logits of a pixel. */
  probabilities(logits: number[]): number[];
  /** The gradient by the logits of a pixel, from its probabilities and the gradient by them. */
  chain(p: number[], gradient: number[]): number[];
}

const total = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

export const LOGIT_STEPS: LogitSteps = {
  rows: ([B, C], size) => {
    const N = size / (B * C);
    return Array.from({ length: B * N }, (_, i) => Array.from({ length: C }, (_, c) => (Math.floor(i / N) * C + c) * N + (i % N)));
  },
  probabilities: (logits) => {
    const greatest = Math.max(...logits);
    const exponentials = logits.map((x) => Math.exp(x - greatest));
    return exponentials.map((e) => e / total(exponentials));
  },
  chain: (p, gradient) => {
    const mean = total(p.map((one, c) => one * gradient[c]));
    return p.map((one, c) => one * (gradient[c] - mean));
  },
};

/** The loss of logits whose softmax `loss` takes. */
export function ofLogits(loss: LossUnderTest, other: Partial<LogitSteps> = {}): LossUnderTest {
  const { rows, probabilities, chain } = { ...LOGIT_STEPS, ...other };
  return async (values, labels, options) => {
    const pixels = rows(options.shape, values.length);
    const p = new Float32Array(values.length);
    for (const row of pixels) {
      const some = probabilities(row.map((at) => values[at]));
      row.forEach((at, c) => {
        p[at] = some[c];
      });
    }
    const { value, grad } = await loss(p, labels, options);
    const out = new Float32Array(values.length);
    for (const row of pixels) {
      const some = chain(
        row.map((at) => p[at]),
        row.map((at) => (grad as Float32Array)[at]),
      );
      row.forEach((at, c) => {
        out[at] = some[c];
      });
    }
    return { value, grad: out };
  };
}
