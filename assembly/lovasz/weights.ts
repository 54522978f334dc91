// The gradient of the Lovász extension of the Jaccard loss, after Berman, Rannen Triki, Blaschko, "The Lovász-Softmax loss"
// (CVPR 2018), algorithm 1: the step of 1 - intersection / union as one more pixel is counted wrong. Where algorithm 1 takes
// the difference of two nearly equal quotients, these are its closed forms, which do not cancel. With P positives, pb
// positives and nb negatives before:
//
//   a positive: (P-pb)/(P+nb) - (P-pb-1)/(P+nb)   = 1 / (P+nb)
//   a negative: (P-pb)/(P+nb) - (P-pb)/(P+nb+1)   = (P-pb) / ((P+nb) (P+nb+1))
//
// A run of q tied negatives shares the mean of theirs, whose sum telescopes: (P-pb)/(P+nb) - (P-pb)/(P+nb+q). With P = 0
// the loss jumps to 1 at the first negative.

/** The weight of a positive, `negativesBefore` it, tied with others or not. */
// @ts-ignore: decorator
@inline
export function positiveWeight(positives: f64, negativesBefore: f64): f64 {
  return 1 / (positives + negativesBefore);
}

/** The mean weight of `tied` negatives, `pb` positives and `nb` negatives before them. */
// @ts-ignore: decorator
@inline
export function negativeWeight(positives: f64, pb: f64, nb: f64, tied: f64): f64 {
  if (positives == 0) return nb == 0 ? 1 / tied : 0;
  return (positives - pb) / ((positives + nb) * (positives + nb + tied));
}

/** out[i] = the Jaccard weight of rank i, for `labels` (i32, 0 or 1) in the order of descending errors. No ties. */
export function jaccardWeights_f32(labels: usize, out: usize, n: u32): void {
  let positives: f64 = 0;
  for (let i: u32 = 0; i < n; i++) positives += load<i32>(labels + ((i as usize) << 2)) as f64;
  let pb: f64 = 0;
  let nb: f64 = 0;
  for (let i: u32 = 0; i < n; i++) {
    if (load<i32>(labels + ((i as usize) << 2))) {
      store<f32>(out, positiveWeight(positives, nb) as f32);
      pb += 1;
    } else {
      store<f32>(out, negativeWeight(positives, pb, nb, 1) as f32);
      nb += 1;
    }
    out += 4;
  }
}
