// The Lovász losses in plain JavaScript, one class of pixels at a time: in float64 as the measure of accuracy, and in float32
// by cumulative sums and differences, as the published code has it.

const order = (errors) => Uint32Array.from(errors, (_, i) => i).sort((i, j) => errors[j] - errors[i]);

/** Loss and its derivative by each error, in float64, with the steps in closed form; equal errors of equal label share theirs. */
export function exact(errors, labels) {
  const derivatives = new Float64Array(errors.length);
  const sorted = order(errors);
  let positives = 0;
  for (const label of labels) positives += label;
  let [loss, pb, nb] = [0, 0, 0];
  for (let start = 0, end = 0; start < sorted.length; start = end) {
    const error = errors[sorted[start]];
    const tied = [0, 0];
    for (end = start; end < sorted.length && errors[sorted[end]] === error; end++) tied[labels[sorted[end]]] += 1;
    const up = 1 / (positives + nb);
    pb += tied[1];
    const down = positives === 0 ? (nb === 0 ? 1 / tied[0] : 0) : (positives - pb) / ((positives + nb) * (positives + nb + tied[0]));
    nb += tied[0];
    for (let k = start; k < end; k++) derivatives[sorted[k]] = labels[sorted[k]] ? up : down;
    loss += ((tied[1] ? tied[1] * up : 0) + (tied[0] ? tied[0] * down : 0)) * error;
  }
  return { loss, derivatives };
}

/** The same by algorithm 1 as it stands, every number rounded to float32. */
export function published(errors, labels) {
  const f = Math.fround;
  const derivatives = new Float32Array(errors.length);
  let positives = 0;
  for (const label of labels) positives += label;
  let [loss, pb, nb, before] = [0, 0, 0, 0];
  for (const i of order(errors)) {
    if (labels[i]) pb = f(pb + 1);
    else nb = f(nb + 1);
    const jaccard = f(1 - f(f(positives - pb) / f(positives + nb)));
    derivatives[i] = f(jaccard - before);
    before = jaccard;
    loss = f(loss + f(derivatives[i] * f(errors[i])));
  }
  return { loss, derivatives };
}

/** Hinge loss and gradient by either of the above. */
export function hinge(logits, labels, extension) {
  const errors = Float64Array.from(logits, (x, i) => Math.max(0, 1 - (labels[i] ? x : -x)));
  const { loss, derivatives } = extension(errors, labels);
  return { loss, gradient: derivatives.map((derivative, i) => (errors[i] > 0 ? (labels[i] ? -derivative : derivative) : 0)) };
}

/** Lovász-Softmax of logits [classes, n], the classes present, by either of the above; the softmax in float64. */
export function softmax(logits, labels, classes, extension) {
  const n = labels.length;
  const p = new Float64Array(logits.length);
  for (let i = 0; i < n; i++) {
    let total = 0;
    for (let c = 0; c < classes; c++) total += Math.exp(logits[c * n + i]);
    for (let c = 0; c < classes; c++) p[c * n + i] = Math.exp(logits[c * n + i]) / total;
  }
  const gradient = new Float64Array(logits.length);
  let loss = 0;
  for (let c = 0; c < classes; c++) {
    const foreground = labels.map((label) => Number(label === c));
    const errors = Float64Array.from(foreground, (f, i) => Math.abs(f - p[c * n + i]));
    const one = extension(errors, foreground);
    loss += one.loss / classes;
    for (let i = 0; i < n; i++) gradient[c * n + i] = ((foreground[i] ? -1 : 1) * one.derivatives[i]) / classes;
  }
  for (let i = 0; i < n; i++) {
    let mean = 0;
    for (let c = 0; c < classes; c++) mean += p[c * n + i] * gradient[c * n + i];
    for (let c = 0; c < classes; c++) gradient[c * n + i] = p[c * n + i] * (gradient[c * n + i] - mean);
  }
  return { loss, gradient };
}
