// The Lovász-Softmax loss: probabilities, the loss of one class, and the way back to the logits.
//
// A probability close to 1 has lost its distance from 1, which is the error of a pixel that the network gets right. So the
// complement of each pixel's largest probability, the sum of all the others, is kept beside: `rest`, with `top` its class.

import { readLanes, writeLanes } from "../inline/lanes";
import { exp4 } from "../inline/math";
import { UNIT, probabilityKey, unitKey } from "./errors";
import { extension } from "./extension";

/**
 * The softmax over the classes of `logits` [classes, pixels] of one image, with `rest` and `top` (i32) of each pixel. All 0 in
 * pixels whose label (i32) is void, -1.
 */
export function softmaxRest_f32(logits: usize, labels: usize, out: usize, rest: usize, top: usize, classes: u32, pixels: u32): void {
  const plane = (pixels as usize) << 2;
  const block = plane * (classes as usize);
  let i: usize = 0;
  for (; i + 16 <= plane; i += 16) columns(logits + i, labels + i, out + i, rest + i, top + i, plane, block, false);
  // the last pixels one by one, with the same arithmetic: equal pixels come out equal wherever they lie
  for (; i < plane; i += 4) columns(logits + i, labels + i, out + i, rest + i, top + i, plane, block, true);
}

function columns(a: usize, labels: usize, out: usize, rest: usize, top: usize, plane: usize, block: usize, single: bool): void {
  let largest = readLanes(a, single);
  let where = i32x4.splat(0);
  for (let k = plane, c = 1; k < block; k += plane, c++) {
    const x = readLanes(a + k, single);
    const more = f32x4.gt(x, largest);
    largest = v128.bitselect(x, largest, more);
    where = v128.bitselect(i32x4.splat(c), where, more);
  }
  let others = f32x4.splat(0);
  for (let k: usize = 0, c = 0; k < block; k += plane, c++) {
    const e = exp4(f32x4.sub(readLanes(a + k, single), largest));
    writeLanes(out + k, e, single);
    others = f32x4.add(others, v128.andnot(e, i32x4.eq(where, i32x4.splat(c))));
  }
  const kept = i32x4.ge_s(readLanes(labels, single), i32x4.splat(0));
  const share = v128.and(kept, f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), others)));
  for (let k: usize = 0; k < block; k += plane) {
    // NaN of a void pixel times 0 would stay NaN
    writeLanes(out + k, v128.and(kept, f32x4.mul(readLanes(out + k, single), share)), single);
  }
  writeLanes(rest, v128.and(kept, f32x4.mul(others, share)), single);
  writeLanes(top, where, single);
}

/**
 * The loss of class `c` over `images` together, from their probabilities [images, classes, pixels], `rest`, `top` and labels
 * [images, pixels]; without `rest` (0) the probabilities are the user's own. Writes `scale` times its slope by the class's
 * probabilities to `slopes` [images, pixels]. The rest as in binary.ts.
 */
export function lovaszClass_f32(
  probabilities: usize,
  rest: usize,
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
  let p = probabilities + (((c as usize) * (pixels as usize)) << 2);
  for (let image: u32 = 0; image < images; image++) {
    for (let i: u32 = 0; i < pixels; i++, index++) {
      const at = (index as usize) << 2;
      store<f32>(slopes + at, 0);
      const label = load<i32>(labels + at);
      if (label < 0) continue;
      const foreground = (label == c) as i32;
      if (foreground) positives += weights ? (load<f32>(weights + at) as f64) : 1;
      const probability = load<f32>(p + ((i as usize) << 2));
      let key: u32;
      if (rest) {
        const complement = load<i32>(top + at) == c ? load<f32>(rest + at) : 1 - probability;
        key = foreground ? unitKey(complement, probability) : unitKey(probability, complement);
      } else {
        key = probabilityKey(probability, foreground);
      }
      store<u64>(end, ((key as u64) << 32) | ((index << 1) as u64) | (foreground as u64));
      end += 8;
    }
    p += ((classes as usize) * (pixels as usize)) << 2;
  }
  const count = ((end - records) >> 3) as u32;
  return extension(UNIT, records, spare, counters, count, positives, alpha, beta, weights, scale, slopes);
}

/**
 * The gradient of the logits [classes, pixels] of one image from the slopes g by the probabilities p: p_k (g_k - sum p g), as
 * p_k (g_k - g_top + D) with D = sum p_k (g_top - g_k), in which nothing near 1 cancels. `out` may be `slopes`.
 */
export function softmaxRestGrad_f32(probabilities: usize, top: usize, slopes: usize, out: usize, classes: u32, pixels: u32): void {
  const plane = (pixels as usize) << 2;
  const block = plane * (classes as usize);
  let i: usize = 0;
  for (; i + 16 <= plane; i += 16) columnsGrad(probabilities + i, top + i, slopes + i, out + i, plane, block, false);
  for (; i < plane; i += 4) columnsGrad(probabilities + i, top + i, slopes + i, out + i, plane, block, true);
}

function columnsGrad(p: usize, top: usize, slopes: usize, out: usize, plane: usize, block: usize, single: bool): void {
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
