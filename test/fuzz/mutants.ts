// Broken losses: plain ones with one mistake each, of the kinds people make. No judge may let one pass.
import { logitMutants } from "./logitMutants.js";
import { ALL, collection, indices, type Mutant, type Plain, running, total } from "./mutant.js";
import { type Kind, plain, type Steps } from "./plain.js";
import { SELDOM } from "./seldom.js";
import { SIZED } from "./sized.js";

const { mutants, steps, around } = collection();

// order
steps("sorted ascending", ALL, () => ({ order: (errors) => indices(errors).sort((i, j) => errors[i] - errors[j]) }));
steps("not sorted", ALL, () => ({ order: indices }));
steps("sorted as text", ALL, () => ({
  order: (errors) =>
    indices(errors).sort((i, j) => (String(errors[j]) > String(errors[i]) ? 1 : String(errors[j]) < String(errors[i]) ? -1 : 0)),
}));
steps("sorted by whole numbers", ALL, () => ({
  order: (errors) => indices(errors).sort((i, j) => Math.round(errors[j]) - Math.round(errors[i])),
}));
steps("sorted by a comparator of booleans", ALL, () => ({
  order: (errors) => indices(errors).sort((i, j) => Number(errors[j] > errors[i])),
}));
steps("sorted within positives and negatives only", ALL, () => ({
  order: (errors, fg) => indices(errors).sort((i, j) => fg[j] - fg[i] || errors[j] - errors[i]),
}));
steps("two neighbours swapped", ALL, (right) => ({
  order: (errors, fg) => {
    const order = right.order(errors, fg);
    if (order.length > 3) [order[1], order[2]] = [order[2], order[1]];
    return order;
  },
}));
steps("tied errors dropped but for one", ALL, () => ({
  order: (errors) => [...new Map(errors.map((error, k) => [error, k])).entries()].sort(([a], [b]) => b - a).map(([, k]) => k),
  scatter: (weights, order) => {
    const out = new Array<number>(Math.max(...order) + 1).fill(0);
    order.forEach((k, rank) => {
      out[k] = weights[rank];
    });
    return out;
  },
}));
steps("gradient left in sorted order", ALL, () => ({ scatter: (weights) => weights }));
steps("gradient scattered by the inverse order", ALL, () => ({ scatter: (weights, order) => order.map((k) => weights[k]) }));

// weights
steps("weights late by one", ALL, (right) => ({ weights: (sorted, errors) => [0, ...right.weights(sorted, errors).slice(0, -1)] }));
steps("weights early by one", ALL, (right) => ({ weights: (sorted, errors) => [...right.weights(sorted, errors).slice(1), 0] }));
steps("first weight not kept", ALL, (right) => ({ weights: (sorted, errors) => right.weights(sorted, errors).with(0, 0) }));
steps("last weight dropped", ALL, (right) => ({ weights: (sorted, errors) => right.weights(sorted, errors).with(-1, 0) }));
steps("no differences", ALL, (right) => ({
  weights: (sorted, errors) => {
    let sum = 0;
    return right.weights(sorted, errors).map((weight) => (sum += weight));
  },
}));
steps("exclusive sums", ALL, () => ({
  weights: (sorted) => running((P, h, o, k) => 1 - (P - h + sorted[k]) / (P + o - (1 - sorted[k]) || 1))(sorted),
}));
steps("exclusive sum of the intersection", ALL, () => ({
  weights: (sorted) => running((P, h, o, k) => 1 - (P - h + sorted[k]) / (P + o))(sorted),
}));
steps("exclusive sum of the union", ALL, () => ({
  weights: (sorted) => running((P, h, o, k) => 1 - (P - h) / (P + o - (1 - sorted[k]) || 1))(sorted),
}));
steps("union of all so far", ALL, () => ({ weights: running((P, h, o) => 1 - (P - h) / (P + o + h)) }));
steps("union does not grow", ALL, () => ({ weights: running((P, h) => 1 - (P - h) / Math.max(1, P)) }));
steps("union takes positives for negatives", ALL, () => ({ weights: running((P, h) => 1 - (P - h) / Math.max(1, P + h)) }));
steps("union of all pixels from the start", ALL, () => ({ weights: (sorted) => running((P, h) => 1 - (P - h) / sorted.length)(sorted) }));
steps("Dice for Jaccard", ALL, () => ({ weights: running((P, h, o) => (h + o) / (2 * P + o - h || 1)) }));
steps("Hamming for Jaccard", ALL, () => ({ weights: (sorted) => sorted.map(() => 1 / sorted.length) }));
steps("Jaccard, not 1 - Jaccard", ALL, () => ({ weights: running((P, h, o) => (P - h) / (P + o)) }));
steps("Jaccard of the background", ALL, (right) => ({
  weights: (sorted, errors) =>
    right.weights(
      sorted.map((fg) => 1 - fg),
      errors,
    ),
}));
steps("smoothed by 1", ALL, () => ({ weights: running((P, h, o) => 1 - (P - h + 1) / (P + o + 1)) }));
steps("smoothed by 1e-3", ALL, () => ({ weights: running((P, h, o) => 1 - (P - h + 1e-3) / (P + o + 1e-3)) }));
steps("no positives count as one", ALL, () => ({ weights: running((P, h, o) => 1 - (Math.max(1, P) - h) / (Math.max(1, P) + o)) }));
steps("no positives, no loss", ["hinge", "sigmoid"], (right) => ({
  weights: (sorted, errors) => (total(sorted) === 0 ? sorted.map(() => 0) : right.weights(sorted, errors)),
}));
steps("no positives, NaN", ["hinge", "sigmoid"], () => ({ weights: (sorted) => running((P, h, o) => (h + o) / (P + o) + 0 / P)(sorted) }));
steps("a single pixel has no loss", ALL, (right) => ({
  weights: (sorted, errors) => (sorted.length === 1 ? [0] : right.weights(sorted, errors)),
}));
steps("counters of 8 bits", ALL, () => ({
  weights: running((P, h, o) => 1 - ((P & 255) - (h & 255)) / Math.max(1, (P & 255) + (o & 255))),
}));
steps("strictly greater errors counted, ties all first", ALL, () => ({
  weights: (sorted, errors) => counted(sorted, errors, (other, error) => other > error),
}));
steps("greater or equal errors counted, ties all last", ALL, () => ({
  weights: (sorted, errors) => counted(sorted, errors, (other, error) => other >= error),
}));
steps("ties of any label share one slope", ALL, (right) => ({
  weights: (sorted, errors) => {
    const weights = right.weights(sorted, errors);
    return weights.map((_, k) => {
      const tied = weights.filter((_, j) => errors[j] === errors[k]);
      return total(tied) / tied.length;
    });
  },
}));
steps("tied pixels each get the weight of all", ALL, (right) => ({
  weights: (sorted, errors) => {
    const weights = right.weights(sorted, errors);
    return weights.map((_, k) => total(weights.filter((_, j) => errors[j] === errors[k] && sorted[j] === sorted[k])));
  },
}));
steps("labels not sorted with the errors", ALL, (right) => {
  let labels: number[] = [];
  return {
    order: (errors, fg) => {
      labels = fg;
      return right.order(errors, fg);
    },
    weights: (_, errors) => right.weights(labels, errors),
  };
});
steps("weights rounded to hundredths", ALL, (right) => ({
  weights: (sorted, errors) => right.weights(sorted, errors).map((weight) => Math.round(weight * 100) / 100),
}));

function counted(sorted: number[], errors: number[], before: (other: number, error: number) => boolean): number[] {
  const P = total(sorted);
  const loss = (h: number, o: number) => (h + o === 0 ? 0 : 1 - (P - h) / (P + o));
  return errors.map((error, k) => {
    const among = errors.flatMap((other, j) => (j !== k && before(other, error) ? [sorted[j]] : []));
    const [h, o] = [total(among), among.length - total(among)];
    const [h1, o1] = [h + sorted[k], o + 1 - sorted[k]];
    return loss(h1, o1) - loss(h, o);
  });
}

// the dot product and errors
steps("mean of the errors", ALL, () => ({ dot: (_, errors) => total(errors) / Math.max(1, errors.length) }));
steps("dot product divided by pixels", ALL, (right) => ({ dot: (weights, errors) => right.dot(weights, errors) / weights.length }));
steps("last product left out", ALL, (right) => ({ dot: (weights, errors) => right.dot(weights.slice(0, -1), errors) }));
steps("no relu", ["hinge"], () => ({ relu: (error) => error, reluSlope: () => 1 }));
steps("no relu in the gradient", ["hinge"], () => ({ reluSlope: () => 1 }));
steps("absolute value for relu", ["hinge"], () => ({ relu: Math.abs, reluSlope: Math.sign }));
steps("leaky relu", ["hinge"], () => ({ relu: (e) => (e > 0 ? e : 0.01 * e), reluSlope: (e) => (e > 0 ? 1 : 0.01) }));
steps("elu for relu", ["hinge"], () => ({ relu: (e) => (e > 0 ? e + 1 : Math.exp(e)), reluSlope: (e) => (e > 0 ? 1 : Math.exp(e)) }));
steps("softplus for relu", ["hinge"], () => ({
  relu: (e) => Math.max(e, 0) + Math.log1p(Math.exp(-Math.abs(e))),
  reluSlope: (e) => 1 / (1 + Math.exp(-e)),
}));
steps("small errors taken for 0", ["hinge"], () => ({ relu: (e) => (e > 1e-3 ? e : 0), reluSlope: (e) => (e > 1e-3 ? 1 : 0) }));
steps("margin of 0", ["hinge"], () => ({ error: (x, fg) => -x * (2 * fg - 1) }));
steps("margin of 2", ["hinge"], () => ({ error: (x, fg) => 2 - x * (2 * fg - 1) }));
steps("labels taken for signs", ["hinge"], () => ({ error: (x, fg) => 1 - x * fg, slope: (_, fg) => -fg }));
steps("signs turned", ["hinge"], () => ({ error: (x, fg) => 1 + x * (2 * fg - 1), slope: (_, fg) => 2 * fg - 1 }));
steps("squared hinge", ["hinge"], (right) => ({
  relu: (e) => Math.max(0, e) ** 2,
  reluSlope: (e) => 2 * Math.max(0, e),
  slope: right.slope,
}));
steps("errors cut at 1", ["hinge"], () => ({ relu: (e) => Math.min(1, Math.max(0, e)), reluSlope: (e) => Number(e > 0 && e < 1) }));
steps("logits cut at 100", ["hinge"], (right) => ({ error: (x, fg) => right.error(Math.min(100, Math.max(-100, x)), fg) }));
steps("NaN at huge logits", ["hinge"], (right) => ({ error: (x, fg) => right.error(Math.log(Math.exp(x)), fg) }));
steps("no absolute value", ["softmax"], () => ({ error: (p, fg) => fg - p, slope: () => -1 }));
steps("absolute value not in the gradient", ["softmax"], () => ({ slope: () => 1 }));
steps("squared error", ["softmax"], () => ({ error: (p, fg) => (fg - p) ** 2, slope: (p, fg) => 2 * (p - fg) }));
steps("logarithm of the probability", ["softmax"], () => ({
  error: (p, fg) => -Math.log(fg ? p : 1 - p),
  slope: (p, fg) => (fg ? -1 / p : 1 / (1 - p)),
}));
steps("errors of the other label", ["softmax", "sigmoid"], (right) => ({ error: (x, fg) => right.error(x, 1 - fg) }));
steps("hinge of probabilities", ["softmax"], () => ({ error: (p, fg) => 1 - p * (2 * fg - 1), slope: (_, fg) => 1 - 2 * fg }));
steps("overflow of exp", ["sigmoid"], () => ({
  error: (x, fg) => Math.abs(fg - Math.exp(x) / (1 + Math.exp(x))),
}));
steps("no sigmoid", ["sigmoid"], () => ({ error: (x, fg) => Math.abs(fg - x), slope: (x, fg) => Math.sign(x - fg) }));
steps("sigmoid twice", ["sigmoid"], (right) => ({ error: (x, fg) => right.error(1 / (1 + Math.exp(-x)), fg) }));
steps("gradient by the probabilities", ["sigmoid"], () => ({ slope: (_, fg) => 1 - 2 * fg }));
steps("slope of the sigmoid p, not p (1 - p)", ["sigmoid"], () => ({ slope: (x, fg) => (1 - 2 * fg) / (1 + Math.exp(-x)) }));
steps("tanh for the sigmoid", ["sigmoid"], () => ({
  error: (x, fg) => Math.abs(fg - (Math.tanh(x) + 1) / 2),
  slope: (x, fg) => ((1 - 2 * fg) * (1 - Math.tanh(x) ** 2)) / 2,
}));

// void pixels
steps("ignore not honoured, void is background", ALL, () => ({ isVoid: () => false }));
steps("ignore not honoured, void is foreground", ["hinge", "sigmoid"], () => ({
  isVoid: () => false,
  foreground: (label) => Number(label !== 0),
}));
steps("ignore only where it is 255", ALL, () => ({ isVoid: (label) => label === 255 }));
steps("ignore only from the number of classes on", ["softmax"], () => ({ isVoid: (label, _, { C }) => label >= C || label < 0 }));
steps("ignore of 0 not seen", ALL, () => ({ isVoid: (label, { ignore }) => !!ignore && label === ignore }));
steps("ignore of -1 not seen", ALL, () => ({ isVoid: (label, { ignore = -1 }) => ignore >= 0 && label === ignore }));
steps("ignore of 1 not seen", ALL, () => ({ isVoid: (label, { ignore = 1 }) => ignore !== 1 && label === ignore }));
steps("of negative numbers only -1 is void", ALL, () => ({ isVoid: (label, { ignore = -2 }) => ignore >= -1 && label === ignore }));
steps("class 0 is void, too", ["softmax"], () => ({ isVoid: (label, { ignore }) => label === ignore || label === 0 }));
around("void counted in the union", ALL, (_, kind) => (values, labels, options) => {
  const { ignore } = options;
  return plain(kind, () => ({
    weights: (sorted) => {
      const voids = ignore === undefined ? 0 : labels.filter((label) => label === ignore).length;
      return running((P, h, o) => 1 - (P - h) / (P + o + voids))(sorted);
    },
  }))(values, labels, options);
});
around("void counted in P", ALL, (_, kind) => (values, labels, options) => {
  const voids = options.ignore === undefined ? 0 : labels.filter((label) => label === options.ignore).length;
  return plain(kind, () => ({ weights: running((P, h, o) => 1 - (P + voids - h) / (P + voids + o)) }))(values, labels, options);
});
around("void pixels have a gradient", ALL, (right) => (values, labels, options) => {
  const { value, grad } = right(values, labels, options);
  labels.forEach((label, i) => {
    if (label === options.ignore) grad[i] = 0.01;
  });
  return { value, grad };
});
around("all void, NaN", ALL, (right) => (values, labels, options) => {
  const { value, grad } = right(values, labels, options);
  return { value: labels.every((label) => label === options.ignore) ? Number.NaN : value, grad };
});
around("all void, a loss of 1", ALL, (right) => (values, labels, options) => {
  const { value, grad } = right(values, labels, options);
  return { value: labels.every((label) => label === options.ignore) ? 1 : value, grad };
});

// images
steps("mean over images that are not void", ALL, () => ({ imageCount: (valid) => Math.max(1, valid.filter((n) => n > 0).length) }));
steps("mean over images with positives", ["hinge", "sigmoid"], () => ({
  imageCount: (_, labels) => Math.max(1, labels.filter((image) => image.includes(1)).length),
}));
steps("mean over images weighted by pixels", ALL, (right) => ({
  imageCount: (valid) => (valid.length > 1 ? total(valid) / (valid[0] || 1) : right.imageCount(valid, [])),
}));
steps("sum over images", ALL, () => ({ imageCount: () => 1 }));
steps("mean over one image more", ALL, () => ({ imageCount: (valid) => (valid.length > 1 ? valid.length + 1 : 1) }));
steps("perImage not honoured, always one", ALL, () => ({ perImage: () => false }));
steps("perImage not honoured, always each", ALL, () => ({ perImage: () => true }));
steps("perImage turned", ALL, (right) => ({ perImage: (options) => !right.perImage(options) }));
steps("gradient not divided by images", ALL, () => ({ gradientCount: (_, classes) => classes }));
steps("gradient divided by images twice", ALL, () => ({ gradientCount: (images, classes) => images * images * classes }));
steps("images interleaved", ALL, () => ({
  place: (i, c, { B, C, N }) => (C === 1 ? (i % N) * B + Math.floor(i / N) : Math.floor(i / N) * C + c + (i % N) * B * C),
}));
steps("images in turned order", ALL, () => ({ place: (i, c, { B, C, N }) => ((B - 1 - Math.floor(i / N)) * C + c) * N + (i % N) }));
steps("the first image for all", ALL, () => ({ place: (i, c, { N }) => c * N + (i % N) }));
steps("the last axis forgotten", ALL, (right) => ({
  extents: (shape, size) => ({ ...right.extents(shape, size), N: shape[shape.length - 2] }),
}));
around("gradients of the images swapped", ALL, (right) => (values, labels, options) => {
  const { value, grad } = right(values, labels, options);
  const [B] = options.shape;
  const size = grad.length / B;
  return { value, grad: Float32Array.from(grad, (_, i) => grad[(B - 1 - Math.floor(i / size)) * size + (i % size)]) };
});
around("gradient of the first image only", ALL, (right) => (values, labels, options) => {
  const { value, grad } = right(values, labels, options);
  return { value, grad: grad.fill(0, grad.length / options.shape[0]) };
});

// classes
const SOFTMAX: readonly Kind[] = ["softmax"];
const everyClass = (C: number) => Array.from({ length: C }, (_, c) => c);
steps("class number for foreground", SOFTMAX, () => ({ foreground: (label) => label }));
steps("absent classes averaged in", SOFTMAX, () => ({ classes: (_, C) => everyClass(C) }));
steps("absent classes averaged in by default", SOFTMAX, (right) => ({
  classes: (labels, C, options, batch) => (options.classes === undefined ? everyClass(C) : right.classes(labels, C, options, batch)),
}));
steps("divided by all classes", SOFTMAX, () => ({ classCount: (_, C) => C }));
steps("sum over classes", SOFTMAX, () => ({ classCount: () => 1 }));
steps("classes: all not honoured", SOFTMAX, (right) => ({
  classes: (labels, C, options, batch) => right.classes(labels, C, { ...options, classes: "present" }, batch),
}));
steps("presence in the batch, not the image", SOFTMAX, (right) => ({
  classes: (_, C, options, batch) => {
    const valid = batch.filter((label) => label !== options.ignore);
    return right.classes(valid, C, options, batch);
  },
}));
steps("presence with void pixels", SOFTMAX, (right) => ({ classes: (_, C, options, batch) => right.classes(batch, C, options, batch) }));
steps("present from two pixels on", SOFTMAX, (right) => ({
  classes: (labels, C, options, batch) =>
    right.classes(labels, C, options, batch).filter((c) => options.classes === "all" || labels.filter((label) => label === c).length > 1),
}));
steps("class 0 left out", SOFTMAX, (right) => ({ classes: (...given) => right.classes(...given).filter((c) => c > 0) }));
steps("last class left out", SOFTMAX, (right) => ({
  classes: (labels, C, ...rest) => right.classes(labels, C, ...rest).filter((c) => c < C - 1),
}));
steps("classes last", SOFTMAX, () => ({ place: (i, c, { C }) => i * C + c }));
steps("classes and pixels swapped", SOFTMAX, () => ({ place: (i, c, { C, N }) => Math.floor(i / N) * C * N + (i % N) * C + c }));
steps("channel after the class", SOFTMAX, (right) => ({ place: (i, c, at) => right.place(i, (c + 1) % at.C, at) }));
steps("gradient not divided by classes", SOFTMAX, () => ({ gradientCount: (images) => images }));
around(
  "softmax of the probabilities",
  SOFTMAX,
  (right) => (values, labels, options) => right(softmaxOf(values, options.shape), labels, options),
);
around("softmax over pixels", SOFTMAX, (right) => (values, labels, options) => {
  const N = values.length / (options.shape[0] * options.shape[1]);
  const sums = values.map((_, i) => total(Array.from(values.subarray(Math.floor(i / N) * N, (Math.floor(i / N) + 1) * N))));
  return right(
    values.map((p, i) => p / (sums[i] || 1)),
    labels,
    options,
  );
});
around("gradient by the logits", SOFTMAX, (right) => (values, labels, options) => {
  const { value, grad } = right(values, labels, options);
  const [, C] = options.shape;
  const N = values.length / (options.shape[0] * C);
  const out = grad.map((slope, at) => {
    const first = Math.floor(at / (C * N)) * C * N + (at % N);
    const mean = total(everyClass(C).map((c) => values[first + c * N] * grad[first + c * N]));
    return values[at] * (slope - mean);
  });
  return { value, grad: out };
});
around("gradient freed of its mean", SOFTMAX, (right) => (values, labels, options) => {
  const { value, grad } = right(values, labels, options);
  const [, C] = options.shape;
  const N = values.length / (options.shape[0] * C);
  const out = grad.map((slope, at) => {
    const first = Math.floor(at / (C * N)) * C * N + (at % N);
    return slope - total(everyClass(C).map((c) => grad[first + c * N])) / C;
  });
  return { value, grad: out };
});

function softmaxOf(values: Float32Array, [B, C]: readonly number[]): Float32Array {
  const N = values.length / (B * C);
  return values.map((p, at) => {
    const first = Math.floor(at / (C * N)) * C * N + (at % N);
    return Math.exp(p) / total(everyClass(C).map((c) => Math.exp(values[first + c * N])));
  });
}

// the answer
const scaled =
  (value: number, gradient: number) =>
  (right: Plain) =>
  (...given: Parameters<Plain>) => {
    const answer = right(...given);
    return { value: answer.value * value, grad: answer.grad.map((slope) => slope * gradient) };
  };
around("gradient sign", ALL, scaled(1, -1));
around("half the gradient", ALL, scaled(1, 0.5));
around("gradient 1 percent too large", ALL, scaled(1, 1.01));
around("no gradient", ALL, scaled(1, 0));
around("loss times 100", ALL, scaled(100, 1));
around("loss 1 percent too large", ALL, scaled(1.01, 1));
around("loss and gradient negative", ALL, scaled(-1, -1));
around("loss at most 1", ["hinge"], (right) => (...given) => ({ ...right(...given), value: Math.min(1, right(...given).value) }));
around("loss in three digits", ALL, (right) => (...given) => ({ ...right(...given), value: Number(right(...given).value.toFixed(3)) }));
around("loss of probability", ALL, (right) => (...given) => ({ ...right(...given), value: Math.tanh(right(...given).value) }));
around("gradient of ones", ALL, (right) => (...given) => ({ ...right(...given), grad: new Float32Array(given[0].length).fill(1) }));
around("gradient times the loss", ALL, (right) => (...given) => {
  const { value, grad } = right(...given);
  return { value, grad: grad.map((slope) => slope * value) };
});
around("gradient too short", ALL, (right) => (...given) => ({ ...right(...given), grad: right(...given).grad.slice(1) }));
around("value is text", ALL, (right) => (...given) => ({ ...right(...given), value: String(right(...given).value) as unknown as number }));
around(
  "no value",
  ALL,
  (right) =>
    (...given) =>
      ({ grad: right(...given).grad }) as unknown as ReturnType<Plain>,
);
around("nothing returned", ALL, () => () => undefined as unknown as ReturnType<Plain>);
around("throws", ALL, () => () => {
  throw new TypeError("not today");
});
around("rejects", ALL, () => () => Promise.reject(new TypeError("not today")));
for (const n of [64, 100, 257, 1024]) {
  around(`last gradient of ${n} pixels and more missing`, ALL, (right) => (...given) => {
    const { value, grad } = right(...given);
    return { value, grad: given[1].length >= n ? grad.with(n - 1, 0) : grad };
  });
  around(
    `pixels from the ${n}th on left out`,
    ALL,
    (_, kind) => (values, labels, options) =>
      plain(kind, (right) => ({ order: (errors, fg) => right.order(errors.slice(0, n), fg), scatter: padded(right) }))(
        values,
        labels,
        options,
      ),
  );
}
around("one gradient of 0 in the middle", ALL, (right) => (...given) => {
  const { value, grad } = right(...given);
  return { value, grad: grad.with(grad.length >> 1, 0) };
});
around("last gradient of 0", ALL, (right) => (values, labels, options) => {
  const { value, grad } = right(values, labels, options);
  return { value, grad: grad.with(-1, 0) };
});

function padded(right: Steps): Steps["scatter"] {
  return (weights, order) => {
    const some = right.scatter(weights, order);
    return Array.from(some, (weight) => weight ?? 0);
  };
}

// what stays behind
around("gradient accumulates", ALL, (right) => {
  const kept = new Map<number, Float32Array>();
  return (...given) => {
    const { value, grad } = right(...given);
    const before = kept.get(grad.length);
    const sum = before ? grad.map((slope, i) => slope + before[i]) : grad;
    kept.set(grad.length, sum);
    return { value, grad: sum.slice() };
  };
});
around("gradient of the call before", ALL, (right) => {
  let before: Float32Array | null = null;
  return (...given) => {
    const { value, grad } = right(...given);
    const out = before?.length === grad.length ? before : grad;
    before = grad;
    return { value, grad: out };
  };
});
around("answers kept by shape", ALL, (right) => {
  const kept = new Map<string, ReturnType<Plain>>();
  return (...given) => {
    const key = JSON.stringify(given[2]);
    const { value, grad } = kept.get(key) ?? right(...given);
    kept.set(key, { value, grad });
    return { value, grad: grad.slice() };
  };
});
around("running mean of the loss", ALL, (right) => {
  let mean: number | null = null;
  return (...given) => {
    const { value, grad } = right(...given);
    mean = mean === null ? value : 0.9 * mean + 0.1 * value;
    return { value: mean, grad };
  };
});
around("values sorted in place", ALL, (right) => (values, labels, options) => {
  const answer = right(values, labels, options);
  values.sort();
  return answer;
});
around("gradient written over the values", ALL, (right) => (values, labels, options) => {
  const { value, grad } = right(values, labels, options);
  values.set(grad);
  return { value, grad: values };
});
around("labels of void set to 0", ALL, (right) => (values, labels, options) => {
  const answer = right(values, labels, options);
  labels.forEach((label, i) => {
    if (label === options.ignore) labels[i] = 0;
  });
  return answer;
});
around("shape taken apart", ALL, (right) => (values, labels, options) => {
  const answer = right(values, labels, { ...options, shape: [...options.shape] });
  options.shape.shift();
  return answer;
});
around("noise in the loss", ALL, (right) => {
  let turn = 0;
  return (...given) => {
    const { value, grad } = right(...given);
    turn += 1;
    return { value: value + (turn % 2) * 1e-2, grad };
  };
});

export const MUTANTS: readonly Mutant[] = [...mutants, ...SELDOM, ...SIZED, ...logitMutants([...mutants, ...SELDOM])];
