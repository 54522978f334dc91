// The gradient of the Lovász extension, after Berman, Rannen Triki, Blaschko, "The Lovász-Softmax loss" (CVPR 2018), algorithm
// 1: the step of a set function as one more pixel is counted wrong. Where algorithm 1 takes the difference of two nearly equal
// quotients, these are its closed forms, which do not cancel. The set function is the Tversky loss
//
//   F = 1 - TP / D,   TP = P - fn,   D = TP + alpha fp + beta fn
//
// of the masses of positives P, false positives fp and false negatives fn so far; alpha = beta = 1 is Jaccard, 1/2 is Dice.
// One step adds a run of pixels of equal error; its weight is shared in proportion to their masses:
//
//   positives of mass a: TP/D - (TP-a)/(D+(beta-1)a) = a (alpha fp + beta P) / (D (D + (beta-1) a))     Jaccard: a / (P+fp)
//   negatives of mass b: TP/D - TP/(D+alpha b)       = b alpha TP / (D (D + alpha b))
//                                                                                 Jaccard: b (P-fn) / ((P+fp) (P+fp+b))
//
// Where D is 0 (no positives left to find), the loss jumps to 1 at the first negative.

/** The weight of one positive (of mass 1) in a run of mass `a`. */
// @ts-ignore: decorator
@inline
export function positiveWeight(positives: f64, fp: f64, fn: f64, a: f64, alpha: f64, beta: f64): f64 {
  const d = positives - fn + alpha * fp + beta * fn;
  const below = d * (d + (beta - 1) * a);
  return below > 0 ? (alpha * fp + beta * positives) / below : 0;
}

/** The weight of one negative (of mass 1) in a run of mass `b`. */
// @ts-ignore: decorator
@inline
export function negativeWeight(positives: f64, fp: f64, fn: f64, b: f64, alpha: f64, beta: f64): f64 {
  const intersection = positives - fn;
  const d = intersection + alpha * fp + beta * fn;
  if (d > 0) return (alpha * intersection) / (d * (d + alpha * b));
  return alpha > 0 ? 1 / b : 0;
}

/** out[i] = the Jaccard weight of rank i, for `labels` (i32, 0 or 1) in the order of descending errors. No ties. */
export function jaccardWeights_f32(labels: usize, out: usize, n: u32): void {
  let positives: f64 = 0;
  for (let i: u32 = 0; i < n; i++) positives += load<i32>(labels + ((i as usize) << 2)) as f64;
  let fp: f64 = 0;
  let fn: f64 = 0;
  for (let i: u32 = 0; i < n; i++) {
    if (load<i32>(labels + ((i as usize) << 2))) {
      store<f32>(out, positiveWeight(positives, fp, fn, 1, 1, 1) as f32);
      fn += 1;
    } else {
      store<f32>(out, negativeWeight(positives, fp, fn, 1, 1, 1) as f32);
      fp += 1;
    }
    out += 4;
  }
}
