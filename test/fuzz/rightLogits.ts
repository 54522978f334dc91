// Right losses of the softmax of logits, in the ways that people compute it: what a judge must never refuse.
import type { LossUnderTest } from "../../src/fuzz/index.js";
import { lovaszSoftmax, valueAndGrad } from "../../src/index.js";
import { type LogitSteps, ofLogits } from "./ofLogits.js";
import { plain } from "./plain.js";
import { RIGHT } from "./right.js";

/** Ways to the probabilities and back, each operation rounded by `f`. */
export function waysIn(f: (x: number) => number): Record<string, Partial<LogitSteps>> {
  const add = (numbers: readonly number[]) => numbers.reduce((a, b) => f(a + b), 0);

  const shifted = (logits: number[]) => logits.map((x) => f(x - Math.max(...logits)));
  const expSum = (logits: number[]): number[] => {
    const exponentials = shifted(logits).map((x) => f(Math.exp(x)));
    return exponentials.map((e) => f(e / add(exponentials)));
  };
  const logSoftmax = (logits: number[]): number[] => {
    const logarithm = f(Math.log(add(shifted(logits).map((x) => f(Math.exp(x))))));
    return shifted(logits).map((x) => f(Math.exp(f(x - logarithm))));
  };
  // the logarithm of the sum is rounded at the size of the logits
  const logSumExp = (logits: number[]): number[] => {
    const logarithm = f(Math.max(...logits) + f(Math.log(add(shifted(logits).map((x) => f(Math.exp(x)))))));
    return logits.map((x) => f(Math.exp(f(x - logarithm))));
  };
  // the exponential off by 40 units in the last place, as on graphics cards
  const roughExp = (logits: number[]): number[] => {
    const exponentials = shifted(logits).map((x, c) => f(Math.exp(x) * (1 + (c % 2 === 0 ? 1 : -1) * 40 * 2 ** -24)));
    return exponentials.map((e) => f(e / add(exponentials)));
  };

  const roundedChain = (p: number[], gradient: number[]): number[] => {
    const mean = add(p.map((one, c) => f(one * gradient[c])));
    return p.map((one, c) => f(one * f(gradient[c] - mean)));
  };
  const wholeJacobian = (p: number[], gradient: number[]): number[] =>
    p.map((one, c) => add(p.map((other, k) => f(gradient[k] * f(f(c === k ? 1 - one : -one) * other)))));
  // back through the exponential, then through log-softmax
  const throughLogarithm = (p: number[], gradient: number[]): number[] => {
    const slopes = p.map((one, c) => f(one * gradient[c]));
    return p.map((one, c) => f(slopes[c] - f(one * add(slopes))));
  };

  return {
    "exp over sum": { probabilities: expSum, chain: roundedChain },
    "log-softmax": { probabilities: logSoftmax, chain: throughLogarithm },
    "x - logsumexp": { probabilities: logSumExp, chain: throughLogarithm },
    "rough exp": { probabilities: roughExp, chain: wholeJacobian },
  };
}

const WAYS: Record<string, Partial<LogitSteps>> = { float64: {}, ...waysIn(Math.fround) };

// the styles in which what comes after the softmax differs
const STYLES = [
  "float32",
  "randomTies",
  "positives first",
  "meanOfOrders",
  "otherKinks",
  "masked",
  "sortedByBits",
  "epsilon",
  "imageByImage",
];

export const RIGHT_LOGITS: Record<string, () => LossUnderTest> = {
  ours: () => {
    const loss = valueAndGrad(lovaszSoftmax);
    return (values, labels, options) => loss(values, labels, options);
  },
  ...Object.fromEntries(Object.entries(WAYS).map(([way, steps]) => [way, () => ofLogits(plain("softmax"), steps)])),
  ...Object.fromEntries(
    STYLES.map((style, i) => {
      const [way, steps] = Object.entries(WAYS)[i % 5];
      return [`${way}, ${style}`, () => ofLogits(RIGHT[style]("softmax"), steps)];
    }),
  ),
  "log-softmax, float32": () => ofLogits(RIGHT.float32("softmax"), WAYS["log-softmax"]),
  "x - logsumexp, float32": () => ofLogits(RIGHT.float32("softmax"), WAYS["x - logsumexp"]),
  "rough exp, float32": () => ofLogits(RIGHT.float32("softmax"), WAYS["rough exp"]),
};
