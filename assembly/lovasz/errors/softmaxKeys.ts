// Probabilities, and the sort keys of their errors: a softmax over the classes in float64, a tile at a time (see tile.ts).
//
// A tile stands in `scratch`, of three rows a class:
//
//   | classes rows of f32 | classes rows of f64 |

import { held } from "../../inline/held";
import { highHalf, lowHalf } from "../../inline/lanes";
import { expNegative2, FIRST, LEAST, PER_ROOT, ROUNDING, SECOND, THIRD } from "../../inline/math64";
import { NONE } from "./key";
import { CODE_LEAST, CODE_OFFSET, CODES, codeBits, inputCode, smallCode } from "./probability";
import { copyRow, findLargest, labelRow, largestRow, ROW, readTile, argmaxRow } from "./tile";

// of each pixel in the tile, f64: the sum of all powers but the largest, and 1 / that of all, or 0 where void
const otherSumRow = memory.data(1024, 16);
const shareRow = memory.data(1024, 16);

/**
 * The softmax over the classes of `logits` [classes, pixels] of one image, in float64: `out` in f32, tile by tile,
 * [tiles, classes, pixels of a tile], and `keys` [classes, pixels] of its errors (u32, see probability.ts) given the labels (i32). Of each
 * pixel besides, `argmax` (i32), the class of its largest logit, and `otherSums` (f64), the sum of e^(logit - largest) over all other classes:
 * what a probability close to 1 has lost. Where the label is void, -1, all probabilities are 0. Returns whether all logits are finite, void
 * pixels included; where not, nothing else is right but for void pixels.
 */
export function softmaxKeys_f32(
  logits: usize,
  labels: usize,
  out: usize,
  keys: usize,
  otherSums: usize,
  argmax: usize,
  classes: u32,
  pixels: u32,
  scratch: usize,
): bool {
  // without classes, `scratch` is empty
  if (classes == 0) return true;
  const plane = (pixels as usize) << 2;
  const tile = (classes as usize) * ROW;
  let finite = true;
  for (let i: usize = 0; i < plane; i += ROW, out += tile) {
    const bytes = min(ROW, plane - i);
    readTile(logits + i, plane, labels + i, bytes, scratch, tile);
    if (!findLargest(scratch, tile)) finite = false;
    if (!powers(scratch, classes)) finite = false;
    share(scratch, classes);
    background(out, tile, scratch);
    foreground(scratch, classes);
    copyRow(argmaxRow, argmax + i, bytes);
    copyRow(otherSumRow, otherSums + 2 * i, 2 * bytes);
    for (let c: u32 = 0, at = scratch, to = keys + i; c < classes; c++, at += ROW, to += plane) copyRow(at, to, bytes);
  }
  return finite;
}

// e^(logit - largest) of a tile, and the sum of all but the largest; false where a logit is NaN
function powers(scratch: usize, classes: u32): bool {
  const first = scratch + (classes as usize) * ROW;
  const least = held(f64x2.splat(LEAST));
  const perRoot = held(f64x2.splat(PER_ROOT));
  const rounding = held(f64x2.splat(ROUNDING));
  const one = held(f64x2.splat(FIRST));
  const two = held(f64x2.splat(SECOND));
  const three = held(f64x2.splat(THIRD));
  let known = i32x4.splat(-1);
  for (let i: usize = 0; i < ROW; i += 16) {
    // the largest is left out of the sum: its power becomes next to nothing
    for (let k = i; k < i + 16; k += 4) store<f32>(scratch + (load<u32>(argmaxRow + k) as usize) * ROW + k, -Infinity);
    const largest = v128.load(largestRow + i);
    const largestLow = lowHalf(largest);
    const largestHigh = highHalf(largest);
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    for (let at = scratch + i, to = first + 2 * i; at < first; at += ROW, to += 2 * ROW) {
      const x = v128.load(at);
      const eLow = expNegative2(f64x2.sub(lowHalf(x), largestLow), least, perRoot, rounding, one, two, three);
      const eHigh = expNegative2(f64x2.sub(highHalf(x), largestHigh), least, perRoot, rounding, one, two, three);
      v128.store(to, eLow);
      v128.store(to, eHigh, 16);
      low = f64x2.add(low, eLow);
      high = f64x2.add(high, eHigh);
    }
    v128.store(otherSumRow + 2 * i, low);
    v128.store(otherSumRow + 2 * i, high, 16);
    const all = f64x2.add(low, high);
    known = v128.and(known, f64x2.eq(all, all));
  }
  return i32x4.all_true(known);
}

// what makes powers probabilities; where void, there are none
function share(scratch: usize, classes: u32): void {
  const first = scratch + (classes as usize) * ROW;
  const one = f64x2.splat(1);
  for (let i: usize = 0; i < 2 * ROW; i += 16) v128.store(shareRow + i, f64x2.div(one, f64x2.add(one, v128.load(otherSumRow + i))));
  for (let i: usize = 0; i < ROW; i += 4) {
    const to = first + 2 * i;
    store<f64>(to + (load<u32>(argmaxRow + i) as usize) * 2 * ROW, 1);
    if (load<i32>(labelRow + i) >= 0) continue;
    store<f64>(shareRow + 2 * i, 0);
    for (let c: u32 = 0, at = to; c < classes; c++, at += 2 * ROW) store<f64>(at, 0);
  }
}

// probabilities, and in `scratch` keys of errors as if no pixel were a positive, and no probability above 1/2
function background(out: usize, tile: usize, scratch: usize): void {
  const offset = held(f64x2.splat(CODE_OFFSET));
  const most = held(i32x4.splat(CODES + CODE_LEAST));
  for (let at = scratch, end = scratch + tile, power = end; at < end; at += ROW, power += 2 * ROW, out += ROW) {
    for (let i: usize = 0; i < ROW; i += 16) {
      const shares = shareRow + 2 * i;
      const low = f64x2.mul(v128.load(power + 2 * i), v128.load(shares));
      const high = f64x2.mul(v128.load(power + 2 * i, 16), v128.load(shares, 16));
      v128.store(out + i, i64x2.shuffle(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2));
      v128.store(at + i, i32x4.sub(most, codeBits(low, high, offset)));
    }
  }
}

// puts right the keys of what `background` passes over: of each pixel, no more than two
function foreground(scratch: usize, classes: u32): void {
  for (let i: usize = 0; i < ROW; i += 4) {
    const label = load<i32>(labelRow + i);
    if (label < 0) {
      for (let c: u32 = 0, at = scratch + i; c < classes; c++, at += ROW) store<u32>(at, NONE);
      continue;
    }
    const otherSums = load<f64>(otherSumRow + 2 * i);
    // more than 1/2 is only the largest
    if (otherSums < 1) store<u32>(scratch + (load<u32>(argmaxRow + i) as usize) * ROW + i, smallCode(otherSums * load<f64>(shareRow + 2 * i)));
    const own = scratch + (label as usize) * ROW + i;
    // errors of positives fall with p, those of negatives rise
    store<u32>(own, CODES - load<u32>(own));
  }
}

/** Keys of the errors of probabilities [classes, pixels] that the user gave, with labels (i32). */
export function inputKeys_f32(probabilities: usize, labels: usize, keys: usize, classes: u32, pixels: u32): void {
  for (let c: u32 = 0; c < classes; c++) {
    for (let i: u32 = 0; i < pixels; i++, probabilities += 4, keys += 4) {
      const label = load<i32>(labels + ((i as usize) << 2));
      const code = inputCode(load<f32>(probabilities));
      store<u32>(keys, label < 0 ? NONE : label == c ? code : CODES - code);
    }
  }
}
