// Right losses of other people's making: what a judge must never refuse.
import type { LossUnderTest } from "../../src/fuzz/index.js";
import { lovaszHinge, lovaszSigmoid, lovaszSoftmax, tensor, valueAndGrad } from "../../src/index.js";
import { uniform } from "../../src/random.js";
import { differences, type Kind, plain } from "./plain.js";

const f = Math.fround;

/** The published code, each operation rounded by `f`: cumulative sums, a division, differences; a dot product added from first to last. */
export const rounded = (kind: Kind, f: (x: number) => number): LossUnderTest =>
  plain(kind, (right) => ({
    error: (x, fg) => {
      if (kind === "hinge") return f(1 - f(x * f(f(2 * fg) - 1)));
      const p = kind === "softmax" ? f(x) : f(1 / f(1 + f(Math.exp(-x))));
      return Math.abs(f(fg - p));
    },
    slope: (x, fg) => {
      if (kind !== "sigmoid") return right.slope(f(x), fg);
      const p = f(1 / f(1 + f(Math.exp(-x))));
      return f(Math.sign(p - fg) * f(p * f(1 - p)));
    },
    weights: (sorted) => {
      const P = sorted.reduce((a, b) => f(a + b), 0);
      let [hits, others] = [0, 0];
      const running = sorted.map((fg) => {
        hits = f(hits + fg);
        others = f(others + f(1 - fg));
        return f(1 - f(f(P - hits) / f(P + others)));
      });
      return differences(running).map(f);
    },
    dot: (weights, errors) => weights.reduce((sum, weight, k) => f(sum + f(f(weight) * f(errors[k]))), 0),
  }));

/** The published code in float32. */
export const float32 = (kind: Kind): LossUnderTest => rounded(kind, f);

/** float64 throughout, the steps in a closed form that does not cancel. */
export const closedForm = (kind: Kind): LossUnderTest =>
  plain(kind, () => ({
    weights: (sorted) => {
      const P = sorted.reduce((a, b) => a + b, 0);
      let [hits, others] = [0, 0];
      return sorted.map((fg) => {
        if (fg) {
          hits += 1;
          return 1 / (P + others);
        }
        others += 1;
        return P === 0 ? Number(others === 1) : (P - hits) / ((P + others - 1) * (P + others));
      });
    },
  }));

/** Ties in any order, another one at each call. */
export function randomTies(kind: Kind): LossUnderTest {
  const random = uniform(7);
  return plain(kind, () => ({
    order: (errors) => {
      const lots = errors.map(random);
      return errors.map((_, k) => k).sort((i, j) => errors[j] - errors[i] || lots[i] - lots[j]);
    },
  }));
}

/** Ties in the order of their labels: 1 positives first, -1 negatives first. */
export const tiesByLabel = (kind: Kind, sign: number): LossUnderTest =>
  plain(kind, () => ({
    order: (errors, fg) => errors.map((_, k) => k).sort((i, j) => errors[j] - errors[i] || sign * (fg[j] - fg[i])),
  }));

/** All tied pixels, whatever their label, have the mean of three orders' gradients. */
export const meanOfOrders = (kind: Kind): LossUnderTest => {
  const orders = [tiesByLabel(kind, 1), tiesByLabel(kind, -1), randomTies(kind)];
  return async (values, labels, options) => {
    const answers = await Promise.all(orders.map((loss) => loss(values, labels, options)));
    const grads = answers.map(({ grad }) => grad as Float32Array);
    return { value: answers[0].value, grad: grads[0].map((_, i) => (grads[0][i] + grads[1][i] + grads[2][i]) / 3) };
  };
};

/** The other slopes at the kinks: the hinge has one at a margin of 1, an absolute value another at 0. */
export const otherKinks = (kind: Kind): LossUnderTest =>
  plain(kind, (right) => ({
    reluSlope: (error) => (kind === "hinge" ? (error >= 0 ? 1 : 0) : 1),
    slope: (x, fg) => (kind === "softmax" ? (fg === 1 ? -1 : 1) : right.slope(x, fg)),
  }));

/** Void pixels kept, as negatives without an error, behind all that have one: the way of masks. */
export const masked =
  (kind: Kind): LossUnderTest =>
  (values, labels, options) =>
    plain(kind, (right) => ({
      isVoid: () => false,
      classes: (among, C, given, batch) =>
        right.classes(
          among.filter((label) => label !== options.ignore),
          C,
          given,
          batch,
        ),
      foreground: (label, c) => (label === options.ignore ? -1 : Number(label === c)),
      error: (x, fg) => (fg < 0 ? 0 : right.error(x, fg)),
      slope: (x, fg) => (fg < 0 ? 0 : right.slope(x, fg)),
      order: (errors, fg) => errors.map((_, k) => k).sort((i, j) => errors[j] - errors[i] || fg[j] - fg[i]),
      weights: (sorted, errors) =>
        right.weights(
          sorted.map((fg) => Math.max(0, fg)),
          errors,
        ),
    }))(values, labels, options);

/** Weights without sorting: of each pixel by counting those before it. */
export const counting = (kind: Kind): LossUnderTest =>
  plain(kind, (right) => ({
    order: (errors) => errors.map((_, k) => k),
    weights: (fg, errors) => {
      const P = fg.reduce((a, b) => a + b, 0);
      const loss = (among: number[]) => {
        const wrong = among.filter((k) => fg[k] === 0).length;
        const missed = among.length - wrong;
        return among.length === 0 ? 0 : 1 - (P - missed) / (P + wrong);
      };
      return errors.map((error, k) => {
        const before = errors.flatMap((other, j) => (other > error || (other === error && j < k) ? [j] : []));
        return loss([...before, k]) - loss(before);
      });
    },
    scatter: (weights) => weights,
    dot: right.dot,
  }));

/** Answers from one buffer, which the next call overwrites. */
export function reusedBuffer(kind: Kind): LossUnderTest {
  const loss = plain(kind);
  let buffer = new Float32Array();
  return async (values, labels, options) => {
    const { value, grad } = await loss(values, labels, options);
    if (buffer.length < values.length) buffer = new Float32Array(values.length);
    buffer.set(grad as Float32Array);
    return { value, grad: buffer.subarray(0, values.length) };
  };
}

/** Answers as tensors of TensorFlow.js are read, later. */
export function tensors(kind: Kind): LossUnderTest {
  const loss = float32(kind);
  return async (values, labels, options) => {
    await new Promise((resolve) => setImmediate(resolve));
    const { value, grad } = await loss(values, labels, options);
    return { value: { data: async () => Float32Array.of(value as number) }, grad: { data: async () => grad as Float32Array } };
  };
}

/** The hinge's relu before the sorting: errors of 0 tie. */
export const reluFirst = (kind: Kind): LossUnderTest =>
  plain(kind, (right) => ({ error: (x, fg) => (kind === "hinge" ? Math.max(0, right.error(x, fg)) : right.error(x, fg)) }));

/** On kinks any slope between those on both sides, another one at each call. */
export function anyKink(kind: Kind): LossUnderTest {
  const random = uniform(11);
  return plain(kind, (right) => ({
    reluSlope: (error) => (kind === "hinge" && error === 0 ? random() : right.reluSlope(error)),
    slope: (x, fg) => (kind === "softmax" && x === fg ? 2 * random() - 1 : right.slope(x, fg)),
  }));
}

/** Sorted as whole numbers by the bits of float32: negative errors, which no longer count, in turned order. */
export const sortedByBits = (kind: Kind): LossUnderTest =>
  plain(kind, () => ({
    order: (errors) => {
      const bits = new Int32Array(Float32Array.from(errors).buffer);
      return errors.map((_, k) => k).sort((i, j) => bits[j] - bits[i]);
    },
  }));

/** A little added to the union, so that nothing is divided by 0. */
export const epsilon = (kind: Kind): LossUnderTest =>
  plain(kind, () => ({
    weights: (sorted) => {
      const P = sorted.reduce((a, b) => a + b, 0);
      let [hits, others] = [0, 0];
      return differences(
        sorted.map((fg) => {
          hits += fg;
          others += 1 - fg;
          return 1 - (P - hits) / (P + others + 1e-6);
        }),
      );
    },
  }));

/** The value as Choquet's integral: the loss of each level set times the step to the next error. */
export const levelSets = (kind: Kind): LossUnderTest =>
  plain(kind, () => ({
    dot: (weights, errors) => {
      let loss = 0;
      return weights.reduce((sum, weight, k) => {
        loss += weight;
        return sum + loss * (errors[k] - (errors[k + 1] ?? 0));
      }, 0);
    },
  }));

/** Products added by halves, in float32. */
export const pairwise = (kind: Kind): LossUnderTest => {
  const sum = (terms: number[]): number => {
    if (terms.length < 2) return terms[0] ?? 0;
    const half = terms.length >> 1;
    return f(sum(terms.slice(0, half)) + sum(terms.slice(half)));
  };
  return plain(kind, () => ({ dot: (weights, errors) => sum(weights.map((weight, k) => f(f(weight) * f(errors[k])))) }));
};

/** The sigmoid as a hyperbolic tangent, in float32. */
export const byTanh = (kind: Kind): LossUnderTest =>
  plain(kind, (right) => {
    if (kind !== "sigmoid") return {};
    const p = (x: number) => f(f(f(Math.tanh(f(x / 2))) + 1) / 2);
    return { error: (x, fg) => f(Math.abs(fg - p(x))), slope: (x, fg) => f(f((1 - 2 * fg) * p(x)) * f(1 - p(x))), relu: right.relu };
  });

/** The error of a sigmoid without subtraction, and its slope from it. */
export const withoutCancellation = (kind: Kind): LossUnderTest =>
  plain(kind, () => {
    if (kind !== "sigmoid") return {};
    const error = (x: number, fg: number) => 1 / (1 + Math.exp(fg ? x : -x));
    return { error, slope: (x, fg) => (1 - 2 * fg) * error(x, fg) * (1 - error(x, fg)) };
  });

/** Answers in nested arrays, the value in one of its own. */
export const nestedArrays =
  (kind: Kind): LossUnderTest =>
  async (values, labels, options) => {
    const { value, grad } = await plain(kind)(values, labels, options);
    const rows = (numbers: number[], [, ...axes]: number[]): unknown[] => {
      if (axes.length === 0) return numbers;
      const size = axes.reduce((a, b) => a * b);
      return Array.from({ length: numbers.length / size }, (_, i) => rows(numbers.slice(i * size, (i + 1) * size), axes));
    };
    return { value: [value as number], grad: rows([...(grad as Float32Array)], options.shape) as number[] };
  };

/** Answers in float64, behind getters. */
export const getters =
  (kind: Kind): LossUnderTest =>
  async (...given) => {
    const { value, grad } = await plain(kind)(...given);
    return {
      get value() {
        return Float64Array.of(value as number);
      },
      get grad() {
        return Float64Array.from(grad as Float32Array);
      },
    };
  };

/** Labels and the void label taken for bytes. */
export const bytes =
  (kind: Kind): LossUnderTest =>
  (values, labels, { ignore, ...options }) =>
    plain(kind)(values, Int32Array.from(Uint8Array.from(labels)), ignore === undefined ? options : { ...options, ignore: ignore & 255 });

/** A call for each image. */
export const imageByImage =
  (kind: Kind): LossUnderTest =>
  async (values, labels, { perImage = kind === "hinge", ...options }) => {
    if (!perImage) return plain(kind)(values, labels, { ...options, perImage });
    const [B, ...rest] = options.shape;
    const part = <T extends Float32Array | Int32Array>(array: T, b: number) =>
      array.subarray((b * array.length) / B, ((b + 1) * array.length) / B) as T;
    const grad = new Float32Array(values.length);
    let sum = 0;
    for (let b = 0; b < B; b++) {
      const one = await plain(kind)(part(values, b), part(labels, b), { ...options, shape: [1, ...rest] });
      sum += one.value as number;
      grad.set(
        (one.grad as Float32Array).map((slope) => slope / B),
        (b * grad.length) / B,
      );
    }
    return { value: sum / B, grad };
  };

/** Answers that are kept, by all that they depend on. */
export function remembered(kind: Kind): LossUnderTest {
  const answers = new Map<string, ReturnType<LossUnderTest>>();
  return (values, labels, options) => {
    const key = JSON.stringify([[...values].map((x) => (Object.is(x, -0) ? "-0" : x)), [...labels], options]);
    const answer = answers.get(key) ?? plain(kind)(values, labels, options);
    answers.clear();
    answers.set(key, answer);
    return answer;
  };
}

/** Answers in tensors of this package. */
export const ownTensors = (kind: Kind): LossUnderTest => {
  const loss = ours(kind);
  return async (values, labels, options) => {
    const { value, grad } = await loss(values, labels, options);
    return { value: tensor(value as number), grad: tensor(grad as Float32Array, options.shape) };
  };
};

/** The losses of this package. */
export const ours = (kind: Kind): LossUnderTest => {
  const [hinge, softmax, sigmoid] = [valueAndGrad(lovaszHinge), valueAndGrad(lovaszSoftmax), valueAndGrad(lovaszSigmoid)];
  if (kind === "softmax") return (values, labels, options) => softmax(values, labels, { ...options, fromLogits: false });
  return (values, labels, { classes: _, ...options }) => (kind === "hinge" ? hinge : sigmoid)(values, labels, options);
};

export const RIGHT: Record<string, (kind: Kind) => LossUnderTest> = {
  plain: (kind) => plain(kind),
  float32,
  closedForm,
  randomTies,
  "positives first": (kind) => tiesByLabel(kind, 1),
  "negatives first": (kind) => tiesByLabel(kind, -1),
  meanOfOrders,
  otherKinks,
  masked,
  counting,
  reusedBuffer,
  tensors,
  reluFirst,
  anyKink,
  sortedByBits,
  epsilon,
  levelSets,
  pairwise,
  byTanh,
  withoutCancellation,
  nestedArrays,
  getters,
  bytes,
  imageByImage,
  remembered,
  ownTensors,
  ours,
};
