// The loss of one class of a Lovász-Softmax, from its keys.

import { SOFTMAX, UNIT } from "./errors/key";
import { extension } from "./extension";
import { setSoftmaxSource } from "./sort/resolveTies";

/**
 * The loss of class `c` over `images` together, from their keys [images, classes, pixels] and labels [images, pixels]. With
 * logits of the same shape, their `otherSums` and `argmax` [images, pixels], errors whose keys are equal are told apart; without
 * them (0) they tie. Writes `scale` times its slope by the class's probabilities to `gradient` [images, pixels]. The rest as in
 * binary.ts.
 */
export function lovaszClass_f32(
  keys: usize,
  logits: usize,
  otherSums: usize,
  argmax: usize,
  labels: usize,
  weights: usize,
  c: i32,
  images: u32,
  classes: u32,
  pixels: u32,
  alpha: f64,
  beta: f64,
  scale: f64,
  gradient: usize,
  records: usize,
  scratch: usize,
  counters: usize,
): f64 {
  const plane = (pixels as usize) << 2;
  const first = keys + (c as usize) * plane;
  const stride = (classes as usize) * plane;
  if (!logits) {
    return extension(UNIT, first, labels, c, images, pixels, stride, alpha, beta, weights, scale, gradient, records, scratch, counters);
  }
  setSoftmaxSource(logits, otherSums, argmax, c, classes, pixels);
  return extension(SOFTMAX, first, labels, c, images, pixels, stride, alpha, beta, weights, scale, gradient, records, scratch, counters);
}
