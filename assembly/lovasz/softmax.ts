// The Lovász-Softmax loss: probabilities and their sort keys, the loss of one class, and the way back to the logits.

import { readLanes, writeLanes } from "../inline/lanes";
import { expNegative2 } from "../inline/math64";
import { codeKey, SOFTMAX, UNIT } from "./errors";
import { extension } from "./extension";
import { mendFrom } from "./mend";
import { inputCode, probabilityCodes2 } from "./probability";

/**
 * The softmax over the classes of `logits` [classes, pixels] of one image, in float64: `out` in f32, `codes` in u32 (see
 * probability.ts). Of each pixel besides, `top` (i32), the class of its largest logit, and `others` (f64), the sum of
 * e^(logit - largest) over all other classes: what a probability close to 1 has lost. `spare`: room for 4 f64 a class. Where
 * the label (i32) is void, -1, all probabilities are 0.
 */
export function softmaxCodes_f32(
  logits: usize,
  labels: usize,
  out: usize,
  codes: usize,
  others: usize,
  top: usize,
  classes: u32,
  pixels: u32,
  spare: usize,
): void {
  const plane = (pixels as usize) << 2;
  const block = plane * (classes as usize);
  let i: usize = 0;
  for (; i + 16 <= plane; i += 16) {
    columns(logits + i, labels + i, out + i, codes + i, others + 2 * i, top + i, plane, block, spare, false);
  }
  // the last pixels one by one, with the same arithmetic: equal pixels come out equal wherever they lie
  for (; i < plane; i += 4) {
    columns(logits + i, labels + i, out + i, codes + i, others + 2 * i, top + i, plane, block, spare, true);
  }
}

function columns(
  a: usize,
  labels: usize,
  out: usize,
  codes: usize,
  others: usize,
  top: usize,
  plane: usize,
  block: usize,
  spare: usize,
  single: bool,
): void {
  let largest = readLanes(a, single);
  let where = i32x4.splat(0);
  for (let k = plane, c = 1; k < block; k += plane, c++) {
    const x = readLanes(a + k, single);
    const more = f32x4.gt(x, largest);
    largest = v128.bitselect(x, largest, more);
    where = v128.bitselect(i32x4.splat(c), where, more);
  }
  writeLanes(top, where, single);

  const largestLow = f64x2.promote_low_f32x4(largest);
  const largestHigh = f64x2.promote_low_f32x4(i64x2.shuffle(largest, largest, 1, 0));
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (let k: usize = 0, c = 0, s = spare; k < block; k += plane, c++, s += 32) {
    const x = readLanes(a + k, single);
    const eLow = expNegative2(f64x2.sub(f64x2.promote_low_f32x4(x), largestLow));
    const eHigh = expNegative2(f64x2.sub(f64x2.promote_low_f32x4(i64x2.shuffle(x, x, 1, 0)), largestHigh));
    v128.store(s, eLow);
    v128.store(s, eHigh, 16);
    const isTop = i32x4.eq(where, i32x4.splat(c));
    low = f64x2.add(low, v128.andnot(eLow, i64x2.extend_low_i32x4_s(isTop)));
    high = f64x2.add(high, v128.andnot(eHigh, i64x2.extend_high_i32x4_s(isTop)));
  }
  if (single) {
    store<f64>(others, f64x2.extract_lane(low, 0));
  } else {
    v128.store(others, low);
    v128.store(others, high, 16);
  }

  const one = f64x2.splat(1);
  const half = f64x2.splat(0.5);
  const kept = i32x4.ge_s(readLanes(labels, single), i32x4.splat(0));
  const shareLow = f64x2.div(one, f64x2.add(one, low));
  const shareHigh = f64x2.div(one, f64x2.add(one, high));
  const restLow = f64x2.mul(low, shareLow);
  const restHigh = f64x2.mul(high, shareHigh);
  for (let k: usize = 0, s = spare; k < block; k += plane, s += 32) {
    const pLow = f64x2.mul(v128.load(s), shareLow);
    const pHigh = f64x2.mul(v128.load(s, 16), shareHigh);
    const p = i64x2.shuffle(f32x4.demote_f64x2_zero(pLow), f32x4.demote_f64x2_zero(pHigh), 0, 2);
    writeLanes(out + k, v128.and(kept, p), single);
    // more than 1/2 is only the top class's
    const mirrorLow = f64x2.gt(pLow, half);
    const mirrorHigh = f64x2.gt(pHigh, half);
    const codeLow = probabilityCodes2(v128.bitselect(restLow, pLow, mirrorLow), mirrorLow);
    const codeHigh = probabilityCodes2(v128.bitselect(restHigh, pHigh, mirrorHigh), mirrorHigh);
    writeLanes(codes + k, i32x4.shuffle(codeLow, codeHigh, 0, 2, 4, 6), single);
  }
}

/** Codes of probabilities [classes, pixels] that the user gave. */
export function inputCodes_f32(probabilities: usize, codes: usize, n: u32): void {
  for (const end = probabilities + ((n as usize) << 2); probabilities < end; probabilities += 4, codes += 4) {
    store<u32>(codes, inputCode(load<f32>(probabilities)));
  }
}

/**
 * The loss of class `c` over `images` together, from their codes [images, classes, pixels] and labels [images, pixels]. With
 * logits of the same shape, their `others` and `top` [images, pixels], errors whose codes are equal are told apart; without
 * them (0) they tie. Writes `scale` times its slope by the class's probabilities to `slopes` [images, pixels]. The rest as in
 * binary.ts.
 */
export function lovaszClass_f32(
  codes: usize,
  logits: usize,
  others: usize,
  top: usize,
  labels: usize,
  weights: usize,
  c: i32,
  images: u32,
  classes: u32,
  pixels: u32,
  alpha: f64,
  beta: f64,
  scale: f64,
  slopes: usize,
  records: usize,
  spare: usize,
  counters: usize,
): f64 {
  let positives: f64 = 0;
  let end = records;
  let index: u32 = 0;
  let plane = codes + (((c as usize) * (pixels as usize)) << 2);
  for (let image: u32 = 0; image < images; image++) {
    for (let i: u32 = 0; i < pixels; i++, index++) {
      const at = (index as usize) << 2;
      store<f32>(slopes + at, 0);
      const label = load<i32>(labels + at);
      if (label < 0) continue;
      const foreground = (label == c) as i32;
      if (foreground) positives += weights ? (load<f32>(weights + at) as f64) : 1;
      const key = codeKey(load<u32>(plane + ((i as usize) << 2)), foreground);
      store<u64>(end, ((key as u64) << 32) | ((index << 1) as u64) | (foreground as u64));
      end += 8;
    }
    plane += ((classes as usize) * (pixels as usize)) << 2;
  }
  const count = ((end - records) >> 3) as u32;
  if (!logits) return extension(UNIT, records, spare, counters, count, positives, alpha, beta, weights, scale, slopes);
  mendFrom(logits, others, top, c, classes, pixels);
  return extension(SOFTMAX, records, spare, counters, count, positives, alpha, beta, weights, scale, slopes);
}

/**
 * The gradient of the logits [classes, pixels] of one image from the slopes g by the probabilities p: p_k (g_k - sum p g), as
 * p_k (g_k - g_top + D) with D = sum p_k (g_top - g_k), in which nothing near 1 cancels. `out` may be `slopes`.
 */
export function softmaxSlopes_f32(probabilities: usize, top: usize, slopes: usize, out: usize, classes: u32, pixels: u32): void {
  const plane = (pixels as usize) << 2;
  const block = plane * (classes as usize);
  let i: usize = 0;
  for (; i + 16 <= plane; i += 16) slopeColumns(probabilities + i, top + i, slopes + i, out + i, plane, block, false);
  for (; i < plane; i += 4) slopeColumns(probabilities + i, top + i, slopes + i, out + i, plane, block, true);
}

function slopeColumns(p: usize, top: usize, slopes: usize, out: usize, plane: usize, block: usize, single: bool): void {
  const where = readLanes(top, single);
  let topSlope = f32x4.splat(0);
  for (let k: usize = 0, c = 0; k < block; k += plane, c++) {
    topSlope = v128.bitselect(readLanes(slopes + k, single), topSlope, i32x4.eq(where, i32x4.splat(c)));
  }
  let d = f32x4.splat(0);
  for (let k: usize = 0; k < block; k += plane) {
    d = f32x4.add(d, f32x4.mul(readLanes(p + k, single), f32x4.sub(topSlope, readLanes(slopes + k, single))));
  }
  for (let k: usize = 0; k < block; k += plane) {
    const g = f32x4.add(f32x4.sub(readLanes(slopes + k, single), topSlope), d);
    writeLanes(out + k, f32x4.mul(readLanes(p + k, single), g), single);
  }
}

/** counts[c] = how many of `n` labels are c; `counts` holds u32 and is cleared first. */
export function classCounts(labels: usize, n: u32, counts: usize, classes: u32): void {
  memory.fill(counts, 0, (classes as usize) << 2);
  for (const end = labels + ((n as usize) << 2); labels < end; labels += 4) {
    const label = load<i32>(labels);
    if (label < 0) continue;
    const at = counts + ((label as usize) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
}
