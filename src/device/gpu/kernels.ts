// The kernels in the subset of JavaScript that gpu.js translates to WGSL and GLSL. They are text, not functions, because minifiers and
// coverage tools rewrite functions, and gpu.js reads their source.
//
// A row is one sort: a class of one image, or of all. Rows lie as [rows, size / width, width] (thread.z, thread.y, thread.x), `size` a
// power of two, so that no index is beyond what float32 counts exactly, however many rows there are. An element is a key:
// positive for a pixel of the foreground, negative for the background, 0 for ignored pixels and padding; its magnitude ascends with
// the error. So a sort of bare numbers will do, without a payload, and a binary search in it counts.
//
// Constants: size, width, inverse = 1 / width, steps = log2(size); in softmax kernels classes and share = 1 / classes. All
// loops have constant bounds, as WebGL2 stops any other loop after 1,000 iterations.

// the element of index i of this row; i is a name, or an expression without side effects
const at = (array: string, i: string) =>
  `${array}[this.thread.z][Math.floor((${i}) * this.constants.inverse)][(${i}) - Math.floor((${i}) * this.constants.inverse) * this.constants.width]`;

const here = "[this.thread.z][this.thread.y][this.thread.x]";

/** Sorts each run of 8 keys, largest first: a key goes where its rank says. Equal keys keep their order. */
export const SORT_RUNS = `function (keys) {
  const start = Math.floor(this.thread.x * 0.125) * 8;
  const own = this.thread.x - start;
  let value = 0;
  for (let k = 0; k < 8; k++) {
    const key = keys[this.thread.z][this.thread.y][start + k];
    let rank = 0;
    for (let l = 0; l < 8; l++) {
      const other = keys[this.thread.z][this.thread.y][start + l];
      if (other > key) { rank = rank + 1; }
      if (other === key && l < k) { rank = rank + 1; }
    }
    if (rank === own) { value = key; }
  }
  return value;
}`;

/**
 * Merges neighbouring runs of `run` sorted keys into runs of twice that: element d of a merged run searches along its diagonal
 * of the merge path for how many of the d before it came from the left run. Of equal keys, those of the left run come first.
 * Source: Odeh, Green, Mwassi, Shmueli, Birk, "Merge path" (2012).
 */
export const MERGE_RUNS = `function (keys, run) {
  const x = this.thread.y * this.constants.width + this.thread.x;
  const start = Math.floor(x * (0.5 / run)) * (2 * run);
  const d = x - start;
  let least = Math.max(0, d - run);
  let most = Math.min(d, run);
  for (let k = 0; k < this.constants.steps; k++) {
    if (least >= most) { break; }
    const middle = Math.floor((least + most) * 0.5);
    const i = start + middle;
    const j = start + run + (d - 1 - middle);
    if (${at("keys", "i")} >= ${at("keys", "j")}) { least = middle + 1; } else { most = middle; }
  }
  const i = start + Math.min(least, run - 1);
  const j = start + run + Math.min(d - least, run - 1);
  const left = ${at("keys", "i")};
  const right = ${at("keys", "j")};
  let value = right;
  if (least < run && d - least >= run) { value = left; }
  if (least < run && d - least < run && left >= right) { value = left; }
  return value;
}`;

// halves [least, most], which hold the number of elements of `sorted` that are `test`
const halve = (least: string, most: string, test: string) => `
      if (${least} < ${most}) {
        const middle = Math.floor((${least} + ${most}) * 0.5);
        if (${at("sorted", "middle")} ${test}) { ${least} = middle + 1; } else { ${most} = middle; }
      }`;

/**
 * The derivative of the Lovász extension by each error: its Jaccard weight, times the factor of its row, negative in the foreground. With P
 * positives, a negatives of greater error, b of at least equal error, and q positives of at least equal error,
 *
 *   a positive weighs 1 / (P + a),   a negative (P - q) / ((P + a) (P + b)),   or with P = 0: 1 / b where a = 0, else 0,
 *
 * which are means over ties, positives counted first, as assembly/lovasz/scan/weights.ts derives them; whatever the order.
 */
export const DERIVATIVES = `function (keys, sorted, positives, factors) {
  const key = keys${here};
  const error = Math.abs(key);
  const p = positives[this.thread.z];
  let above = 0;
  let aboveEnd = this.constants.size;
  let from = 0;
  let fromEnd = this.constants.size;
  let foreground = 0;
  let foregroundEnd = this.constants.size;
  for (let k = 0; k < this.constants.steps + 1; k++) {
    if (key !== 0) {${halve("above", "aboveEnd", ">= -error")}
    }
    if (key < 0) {${halve("from", "fromEnd", "> -error")}${halve("foreground", "foregroundEnd", ">= error")}
    }
  }
  const a = this.constants.size - above;
  const b = this.constants.size - from;
  let derivative = 0;
  if (key > 0) { derivative = -1 / (p + a); }
  if (key < 0 && p > 0) { derivative = (p - foreground) / ((p + a) * (p + b)); }
  if (key < 0 && p === 0 && a === 0) { derivative = 1 / b; }
  return derivative * factors[this.thread.z];
}`;

/** Rows in wide lines, [rows, size / wide, wide]: the read-back makes an array of each line. */
export const WIDEN = `function (keys) {
  const i = this.thread.y * this.constants.wide + this.thread.x;
  return ${at("keys", "i")};
}`;

/** The class of the largest logit of each pixel. */
export const ARGMAX = `function (logits) {
  const first = this.thread.z * this.constants.classes;
  let argmax = 0;
  let most = logits[first][this.thread.y][this.thread.x];
  for (let c = 1; c < this.constants.classes; c++) {
    const x = logits[first + c][this.thread.y][this.thread.x];
    if (x > most) { most = x; argmax = c; }
  }
  return argmax;
}`;

// e^(x - most); far below, 0 whatever a driver makes of overflow
const power = (x: string, most: string) => `Math.exp(Math.max(${x} - ${most}, -200))`;

/**
 * The sum of e^(logit - largest) over all classes but the argmax. Each power is cut into multiples of 2^-12, of 2^-24, and a remainder,
 * which are summed apart: the first two without rounding, so that the sum does not depend on the order of the classes, and
 * pixels whose logits are permutations of one another tie.
 */
export const OTHER_SUM = `function (logits, argmax) {
  const first = this.thread.z * this.constants.classes;
  const best = argmax${here};
  const most = logits[first + best][this.thread.y][this.thread.x];
  let high = 0;
  let middle = 0;
  let low = 0;
  for (let c = 0; c < this.constants.classes; c++) {
    if (c !== best) {
      const t = ${power("logits[first + c][this.thread.y][this.thread.x]", "most")};
      const h = Math.floor(t * 4096) * 0.000244140625;
      const m = Math.floor((t - h) * 16777216) * 0.000000059604644775390625;
      high = high + h;
      middle = middle + m;
      low = low + ((t - h) - m);
    }
  }
  return high + (middle + low);
}`;

const groupAndClass = `
  const group = Math.floor((this.thread.z + 0.5) * this.constants.share);
  const c = this.thread.z - group * this.constants.classes;`;

/**
 * The keys of softmax errors e, of magnitude e / (1 - e): the odds, p against 1 - p, of errors close to 1 stay apart in
 * float32, as do those of errors close to 0; the errors themselves do not.
 */
export const SOFTMAX_KEYS = `function (logits, labels, argmax, otherSums) {${groupAndClass}
  const label = labels[group][this.thread.y][this.thread.x];
  const best = argmax[group][this.thread.y][this.thread.x];
  const otherSum = otherSums[group][this.thread.y][this.thread.x];
  const most = logits[group * this.constants.classes + best][this.thread.y][this.thread.x];
  const t = ${power(`logits${here}`, "most")};
  let against = 1 + (otherSum - t);
  if (c === best) { against = otherSum; }
  let key = 0;
  if (label >= 0 && label === c) { key = Math.max(against, 1e-30) / Math.max(t, 1e-30); }
  if (label >= 0 && label !== c) { key = -Math.max(t, 1e-30) / Math.max(against, 1e-30); }
  return key;
}`;

/** D = sum over classes of p_k (g_argmax - g_k), of each pixel. */
export const DRIFT = `function (logits, argmax, otherSums, derivatives) {
  const first = this.thread.z * this.constants.classes;
  const best = argmax${here};
  const most = logits[first + best][this.thread.y][this.thread.x];
  const largest = derivatives[first + best][this.thread.y][this.thread.x];
  let sum = 0;
  for (let c = 0; c < this.constants.classes; c++) {
    const t = ${power("logits[first + c][this.thread.y][this.thread.x]", "most")};
    sum = sum + t * (largest - derivatives[first + c][this.thread.y][this.thread.x]);
  }
  return sum / (1 + otherSums${here});
}`;

/** The gradient of the logits, p_k (g_k - g_argmax + D), in which nothing near 1 cancels; in wide lines, see `WIDEN`. */
export const SOFTMAX_GRADIENT = `function (logits, argmax, otherSums, derivatives, drift) {${groupAndClass}
  const i = this.thread.y * this.constants.wide + this.thread.x;
  const y = Math.floor(i * this.constants.inverse);
  const x = i - y * this.constants.width;
  const best = argmax[group][y][x];
  const first = group * this.constants.classes;
  const t = ${power("logits[this.thread.z][y][x]", "logits[first + best][y][x]")};
  const g = (derivatives[this.thread.z][y][x] - derivatives[first + best][y][x]) + drift[group][y][x];
  return t * g / (1 + otherSums[group][y][x]);
}`;

/** The sums over sections of a row of all |derivative| (y = 0) and of all |derivative| e (y = 1), from keys that are odds of e. */
export const SUMS = `function (keys, derivatives) {
  let total = 0;
  for (let k = 0; k < this.constants.outer; k++) {
    let sum = 0;
    for (let l = 0; l < this.constants.inner; l++) {
      const i = (this.thread.x * this.constants.outer + k) * this.constants.inner + l;
      const weight = Math.abs(${at("derivatives", "i")});
      const odds = Math.abs(${at("keys", "i")});
      if (this.thread.y === 0) { sum = sum + weight; } else { sum = sum + weight * (odds / (1 + odds)); }
    }
    total = total + sum;
  }
  return total;
}`;
