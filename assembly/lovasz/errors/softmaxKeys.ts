// Probabilities, and the sort keys of their errors: a softmax over the classes in float64, a tile at a time (tile.ts). The softmax that is
// counted (histogram/softmax.ts) works in float32 and without keys: the two share the tile, not the arithmetic.
//
// A tile lies in the scratch, of three rows a class:
//
//   | classes rows of f32 | classes rows of f64 |

import { held } from "../../inline/held";
import { copyRow, highHalf, lowHalf } from "../../inline/lanes";
import { expNegative2, FIRST, LEAST, PER_ROOT, ROUNDING, SECOND, THIRD } from "../../inline/math64";
import { NONE } from "./key";
import { CODE_LEAST, CODE_OFFSET, CODES, codeBits, inputCode, smallCode } from "./probability";
import { Task } from "../task";
import { findLargest, labelRow, largestRow, ROW, readTile, argmaxRow } from "./tile";

// of each pixel in the tile, f64: the sum of all powers but the largest; 1 / the sum of all, or 0 where ignored
const otherSumRow = memory.data(1024, 16);
const shareRow = memory.data(1024, 16);

/**
 * The softmax over the classes of one image, or whole tiles of it, in float64. Of `task.values`, the logits [classes, pixels], and `task.labels`:
 * `probabilities`, the `keys` of errors (probability.ts), `argmax` (i32), the class of each pixel's largest logit, and `otherSums` (f64),
 * the sum of e^(logit - largest) over all other classes: what a probability close to 1 has lost. Where the label is -1, all probabilities
 * are 0. `scratch`: three rows a class. Returns whether all logits are finite; if not, only ignored pixels are right.
 */
export function softmaxKeys_f32(pointer: usize, scratch: usize): bool {
  const task = changetype<Task>(pointer);
  const classes = task.classes;
  // without classes, the scratch is empty
  if (classes == 0) return true;
  const end = (task.pixels as usize) << 2;
  const plane = task.plane as usize;
  const tile = (classes as usize) * ROW;
  let out = task.probabilities;
  let finite = true;
  for (let i: usize = 0; i < end; i += ROW, out += tile) {
    const bytes = min(ROW, end - i);
    readTile(task.values + i, plane, task.labels + i, bytes, scratch, tile);
    if (!findLargest(scratch, tile)) finite = false;
    if (!powers(scratch, classes)) finite = false;
    normalise(scratch, classes);
    background(out, tile, scratch);
    foreground(scratch, classes);
    copyRow(argmaxRow, task.argmax + i, bytes);
    copyRow(otherSumRow, task.otherSums + 2 * i, 2 * bytes);
    for (let c: u32 = 0, at = scratch, to = task.keys + i; c < classes; c++, at += ROW, to += plane) copyRow(at, to, bytes);
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
    // the largest is left out of the sum: its power becomes almost 0
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

// the factor that makes powers probabilities, and the largest power; all are 0 where ignored
function normalise(scratch: usize, classes: u32): void {
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

// the probabilities, and the keys of errors as if there were no positives and no probabilities above 1/2
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

// corrects the keys that `background` has wrong: at most two of each pixel
function foreground(scratch: usize, classes: u32): void {
  for (let i: usize = 0; i < ROW; i += 4) {
    const label = load<i32>(labelRow + i);
    if (label < 0) {
      for (let c: u32 = 0, at = scratch + i; c < classes; c++, at += ROW) store<u32>(at, NONE);
      continue;
    }
    const otherSums = load<f64>(otherSumRow + 2 * i);
    // only the largest can be above 1/2
    if (otherSums < 1)
      store<u32>(scratch + (load<u32>(argmaxRow + i) as usize) * ROW + i, smallCode(otherSums * load<f64>(shareRow + 2 * i)));
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
