import { ascendingKey, keyToFloat } from "../inline/order";
import { sortRecords } from "../sort/radix";
import { negativeWeight, positiveWeight } from "./weights";

// The binary Lovász hinge (Yu and Blaschko, "The Lovász hinge"; Berman et al. 2018) of one image: error max(0, 1 - margin),
// margin = logit for a positive, -logit for a negative. Pixels are sorted by margin, which is the logit itself but for its
// sign and so carries no rounding; the error enters the sum in float64. Pixels with a margin of at least 1 have neither error
// nor gradient and are counted only.

/**
 * Writes `scale` times the gradient to `gradient` (0 for void pixels, label -1) and returns the loss.
 * `labels`: i32, 1, 0 or -1. `records` and `scratch`: room for n u64.
 */
export function lovaszHinge_f32(
  logits: usize,
  labels: usize,
  n: u32,
  scale: f64,
  gradient: usize,
  records: usize,
  scratch: usize,
  counters: usize,
): f64 {
  // the pixels in error, as records of margin and 2 * pixel + label
  let positives: f64 = 0;
  let end = records;
  for (let i: u32 = 0; i < n; i++) {
    const at = (i as usize) << 2;
    store<f32>(gradient + at, 0);
    const label = load<i32>(labels + at);
    if (label < 0) continue;
    const logit = load<f32>(logits + at);
    const margin = label ? logit : -logit;
    positives += label as f64;
    if (margin < 1) {
      store<u64>(end, ((ascendingKey(visible(margin)) as u64) << 32) | ((i << 1) as u64) | (label as u64));
      end += 8;
    }
  }
  const wrong = ((end - records) >> 3) as u32;
  const sorted = sortRecords(records, scratch, counters, wrong);

  // runs of equal margins, from the largest error down
  let loss: f64 = 0;
  let pb: f64 = 0;
  let nb: f64 = 0;
  const stop = sorted + ((wrong as usize) << 3);
  for (let p = sorted; p < stop; ) {
    const key = load<u32>(p, 4);
    let tiedPositives: f64 = 0;
    let q = p;
    for (; q < stop && load<u32>(q, 4) == key; q += 8) tiedPositives += (load<u32>(q) & 1) as f64;
    const tiedNegatives = (((q - p) >> 3) as f64) - tiedPositives;
    pb += tiedPositives;
    const up = tiedPositives > 0 ? positiveWeight(positives, nb) : 0;
    const down = tiedNegatives > 0 ? negativeWeight(positives, pb, nb, tiedNegatives) : 0;
    nb += tiedNegatives;
    const weight = tiedPositives * up + tiedNegatives * down;
    // a weight of 0 silences an infinite error
    if (weight > 0) loss += weight * (1 - (keyToFloat(key) as f64));
    const slopeUp = (-scale * up) as f32;
    const slopeDown = (scale * down) as f32;
    for (; p < q; p += 8) {
      const pixel = load<u32>(p);
      store<f32>(gradient + (((pixel >> 1) as usize) << 2), pixel & 1 ? slopeUp : slopeDown);
    }
  }
  return loss;
}

// Margins that float64 cannot tell apart in 1 - margin are one: those below 2^-54 in size are 0, for instance.
function visible(margin: f32): f32 {
  return (1 - (1 - (margin as f64))) as f32;
}
