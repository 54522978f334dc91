// Broken losses of the softmax of logits: mistakes in the softmax and its gradient, and those of the loss of probabilities.
import type { LossUnderTest } from "../../src/fuzz/index.js";
import { type Mutant, total } from "./mutant.js";
import { LOGIT_STEPS, type LogitSteps, ofLogits } from "./ofLogits.js";
import { plain } from "./plain.js";

const own: Mutant[] = [];
const kind = "softmax-logits";

function steps(name: string, other: Partial<LogitSteps>): void {
  own.push({ name, kind, isStep: true, loss: () => ofLogits(plain("softmax"), other) });
}

const { probabilities: softmax, chain, rows } = LOGIT_STEPS;
const scaled = (numbers: number[], by: number) => numbers.map((x) => x * by);
const same = (numbers: number[]) => numbers;
const normalised = (numbers: number[]) => numbers.map((x) => x / total(numbers));
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
// float32 overflows from 89 on
const exp32 = (x: number) => Math.fround(Math.exp(x));
const at = ([B, C]: readonly number[], size: number) => ({ B, C, N: size / (B * C) });
const list = (count: number) => Array.from({ length: count }, (_, i) => i);

// the axis
steps("softmax over pixels", {
  rows: (shape, size) => {
    const { B, C, N } = at(shape, size);
    return list(B * C).map((plane) => list(N).map((i) => plane * N + i));
  },
});
steps("softmax over images", {
  rows: ([B], size) => list(size / B).map((i) => list(B).map((b) => (b * size) / B + i)),
});
steps("softmax of classes last", {
  rows: (shape, size) => {
    const { C } = at(shape, size);
    return list(size / C).map((i) => list(C).map((c) => i * C + c));
  },
});
steps("softmax over all", { rows: (_, size) => [list(size)] });
steps("softmax of the first image only", { rows: (shape, size) => rows(shape, size).slice(0, size / (shape[0] * shape[1])) });
steps("softmax without the last class", {
  rows: (shape, size) => rows(shape, size).map((row) => (row.length > 2 ? row.slice(0, -1) : row)),
});
steps("softmax of pixels from the 100th on forgotten", { rows: (shape, size) => rows(shape, size).slice(0, 100) });

// the probabilities
steps("no softmax", { probabilities: same, chain: (_, gradient) => gradient });
steps("logits cut to 0 and 1", {
  probabilities: (logits) => logits.map((x) => Math.min(1, Math.max(0, x))),
  chain: (_, gradient) => gradient,
});
steps("sigmoid for softmax", {
  probabilities: (logits) => logits.map(sigmoid),
  chain: (p, gradient) => p.map((one, c) => one * (1 - one) * gradient[c]),
});
steps("softmax twice", {
  probabilities: (logits) => softmax(softmax(logits)),
});
steps("a temperature of 2", {
  probabilities: (logits) => softmax(scaled(logits, 1 / 2)),
  chain: (...given) => scaled(chain(...given), 1 / 2),
});
steps("powers of 2", {
  probabilities: (logits) => softmax(scaled(logits, Math.LN2)),
  chain: (...given) => scaled(chain(...given), Math.LN2),
});
steps("a temperature of 1.02", {
  probabilities: (logits) => softmax(scaled(logits, 1 / 1.02)),
  chain: (...given) => scaled(chain(...given), 1 / 1.02),
});
steps("softmin", { probabilities: (logits) => softmax(scaled(logits, -1)), chain: (...given) => scaled(chain(...given), -1) });
steps("no maximum subtracted", { probabilities: (logits) => normalised(logits.map(exp32)) });
steps("the first logit subtracted", { probabilities: (logits) => normalised(logits.map((x) => exp32(x - logits[0]))) });
steps("the mean subtracted", { probabilities: (logits) => normalised(logits.map((x) => exp32(x - total(logits) / logits.length))) });
steps("a constant of 50 subtracted", { probabilities: (logits) => normalised(logits.map((x) => exp32(x - 50))) });
steps("logarithms for probabilities", { probabilities: (logits) => softmax(logits).map((p) => Math.log(p + 1e-30)) });
steps("exponentials not divided by their sum", {
  probabilities: (logits) => logits.map((x) => Math.exp(x - Math.max(...logits))),
});
steps("the most likely class only", {
  probabilities: (logits) => logits.map((x) => Number(x === Math.max(...logits))),
});
steps("logits cut at 5", { probabilities: (logits) => softmax(logits.map((x) => Math.min(5, Math.max(-5, x)))) });
steps("logits made positive", { probabilities: (logits) => softmax(logits.map((x) => Math.max(0, x))) });
steps("one more class with a logit of 0", { probabilities: (logits) => softmax([...logits, 0]).slice(0, -1) });
steps("1e-3 added to the sum", {
  probabilities: (logits) => {
    const exponentials = logits.map((x) => Math.exp(x - Math.max(...logits)));
    return exponentials.map((e) => e / (total(exponentials) + 1e-3));
  },
});
steps("probabilities smoothed", { probabilities: (logits) => softmax(logits).map((p) => 0.95 * p + 0.05 / logits.length) });
steps("probabilities of 8 bits", { probabilities: (logits) => softmax(logits).map((p) => Math.round(p * 255) / 255) });

// the gradient
steps("gradient by the probabilities", { chain: (_, gradient) => gradient });
steps("Jacobian without what is off its diagonal", { chain: (p, gradient) => p.map((one, c) => one * (1 - one) * gradient[c]) });
steps("Jacobian without its diagonal", {
  chain: (p, gradient) => p.map((one, c) => one * (one * gradient[c] - total(p.map((other, k) => other * gradient[k])))),
});
steps("Jacobian off its diagonal of the wrong sign", {
  chain: (p, gradient) => p.map((one, c) => one * (gradient[c] + total(p.map((other, k) => other * gradient[k])) - 2 * one * gradient[c])),
});
steps("Jacobian without its factor p", {
  chain: (p, gradient) => gradient.map((slope) => slope - total(p.map((one, c) => one * gradient[c]))),
});
steps("mean of the gradient not weighted", { chain: (p, gradient) => p.map((one, c) => one * (gradient[c] - total(gradient) / p.length)) });
steps("Jacobian twice", { chain: (p, gradient) => chain(p, chain(p, gradient)) });
steps("gradient of a temperature forgotten", { probabilities: (logits) => softmax(scaled(logits, 1 / 2)) });
steps("no gradient for the last class", { chain: (p, gradient) => chain(p, gradient).with(-1, 0) });
steps("gradient of the most likely class only", {
  chain: (p, gradient) => chain(p, gradient).map((slope, c) => (p[c] === Math.max(...p) ? slope : 0)),
});
steps("gradient one percent too large", { chain: (p, gradient) => scaled(chain(p, gradient), 1.01) });
steps("no gradient of probabilities below 0.01", {
  chain: (p, gradient) => chain(p, gradient).map((slope, c) => (p[c] < 0.01 ? 0 : slope)),
});

const around = (name: string, make: (right: LossUnderTest) => LossUnderTest): void => {
  own.push({ name, kind, isStep: false, loss: () => make(ofLogits(plain("softmax"))) });
};
around("ignored pixels without a loss, but with the gradient of the others", (right) => async (values, labels, options) => {
  const { value, grad } = await right(values, labels, options);
  const { C, N } = at(options.shape, values.length);
  const isVoid = (i: number) => labels[Math.floor(i / (C * N)) * N + (i % N)] === options.ignore;
  const { grad: all } = await right(
    values,
    labels.map((label) => (label === options.ignore ? 0 : label)),
    { ...options, ignore: undefined },
  );
  return { value, grad: (grad as Float32Array).map((slope, i) => (isVoid(i) ? (all as Float32Array)[i] : slope)) };
});
around("NaN for logits from 1000 on", (right) => async (values, labels, options) => {
  const { value, grad } = await right(values, labels, options);
  return { value: values.some((x) => x >= 1000) ? Number.NaN : value, grad };
});
around("probabilities written over the logits", (right) => async (values, labels, options) => {
  const answer = await right(values.slice(), labels, options);
  for (const row of rows(options.shape, values.length)) {
    const p = softmax(row.map((i) => values[i]));
    row.forEach((i, c) => {
      values[i] = p[c];
    });
  }
  return answer;
});

/** Broken losses of logits: those of their own, and the mistakes in the steps of `softmax` losses, behind a right softmax. */
export const logitMutants = (softmax: readonly Mutant[]): readonly Mutant[] => [
  ...own,
  ...softmax
    .filter((mutant) => mutant.kind === "softmax" && mutant.isStep)
    .map(({ name, isStep, loss }) => ({ name, kind, isStep, loss: () => ofLogits(loss()) }) as const),
];
