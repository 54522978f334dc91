// The Lovász-Softmax loss by counting (bins.ts): probabilities in float32 and the bin addresses of their errors, in one pass over the logits,
// a tile at a time (errors/tile.ts). One table serves all classes, one after the other.

import { copyRow } from "../../inline/lanes";
import { expNegative4 } from "../../inline/math";
import { argmaxRow, findLargest, labelRow, largestRow, ROW, readTile } from "../errors/tile";
import { Task } from "../task";
import { ABOVE, addressBase } from "./bins";

// 1 / the sum of the powers, or 0 where ignored
const shareRow = memory.data(512, 16);
// bin addresses of the last pixels of a class, fewer than a tile
const lastRow = memory.data(512, 16);

/**
 * The softmax over the classes of one image, in float32. Of `task.values`, the logits [classes, pixels], and `task.labels`:
 * `probabilities`, 0 where ignored, `argmax` (i32), the class of each pixel's largest logit, and `keys`, the bin addresses of all errors in
 * the `table` of `bins` bins. It needs no scratch. Returns whether all logits are finite, as softmaxKeys_f32 does.
 */
export function softmaxBins_f32(pointer: usize, _scratch: usize): bool {
  const task = changetype<Task>(pointer);
  const end = (task.pixels as usize) << 2;
  const plane = task.plane as usize;
  const tile = (task.classes as usize) * ROW;
  let out = task.probabilities;
  let finite = true;
  for (let i: usize = 0; i < end; i += ROW, out += tile) {
    const bytes = min(ROW, end - i);
    readTile(task.values + i, plane, task.labels + i, bytes, out, tile);
    if (!findLargest(out, tile)) finite = false;
    copyRow(argmaxRow, task.argmax + i, bytes);
    if (!sumPowers(out, tile)) finite = false;
    binTile(task, out, task.keys + i, plane, bytes);
  }
  return finite;
}

// e^(logit - largest) in place of the logits, and the factor that makes these probabilities; false where a logit is NaN
function sumPowers(tile: usize, size: usize): bool {
  const end = tile + size;
  let fine = i32x4.splat(-1);
  // eight pixels at once: the constants of the exponential do not stay in registers
  for (let i: usize = 0; i < ROW; i += 32) {
    const largestA = v128.load(largestRow + i);
    const largestB = v128.load(largestRow + i, 16);
    let sumA = f32x4.splat(0);
    let sumB = f32x4.splat(0);
    for (let at = tile + i; at < end; at += ROW) {
      const x = f32x4.sub(v128.load(at), largestA);
      const y = f32x4.sub(v128.load(at, 16), largestB);
      const a = expNegative4(x);
      const b = expNegative4(y);
      v128.store(at, a);
      v128.store(at, b, 16);
      sumA = f32x4.add(sumA, a);
      sumB = f32x4.add(sumB, b);
    }
    fine = v128.and(fine, v128.and(f32x4.eq(sumA, sumA), f32x4.eq(sumB, sumB)));
    const keptA = i32x4.ge_s(v128.load(labelRow + i), i32x4.splat(0));
    v128.store(shareRow + i, v128.and(keptA, f32x4.div(f32x4.splat(1), sumA)));
    const keptB = i32x4.ge_s(v128.load(labelRow + i, 16), i32x4.splat(0));
    v128.store(shareRow + i, v128.and(keptB, f32x4.div(f32x4.splat(1), sumB)), 16);
  }
  return i32x4.all_true(fine);
}

// the probabilities in place of the powers, and the bin addresses of their errors
function binTile(task: Task, tile: usize, addresses: usize, plane: usize, bytes: usize): void {
  const factor = f32x4.splat(task.bins as f32);
  const base = addressBase(task.table);
  const classes = task.classes;
  for (let c: u32 = 0; c < classes; c++, tile += ROW, addresses += plane) {
    const class_ = i32x4.splat(c);
    const to = bytes == ROW ? addresses : lastRow;
    for (let i: usize = 0; i < ROW; i += 16) {
      const p = f32x4.mul(v128.load(tile + i), v128.load(shareRow + i));
      v128.store(tile + i, p);
      v128.store(to + i, unitAddresses(p, i32x4.eq(v128.load(labelRow + i), class_), factor, base));
    }
    if (bytes < ROW) copyRow(lastRow, addresses, bytes);
  }
}

/** The bin addresses of the errors of probabilities [classes, pixels] that the user gave, with labels (i32). */
export function probabilityBins_f32(
  probabilities: usize,
  labels: usize,
  addresses: usize,
  classes: u32,
  pixels: u32,
  bins: u32,
  table: usize,
): void {
  const plane = (pixels as usize) << 2;
  const factor = f32x4.splat(bins as f32);
  const base = addressBase(table);
  for (let c: u32 = 0; c < classes; c++, probabilities += plane, addresses += plane) {
    const class_ = i32x4.splat(c);
    let i: usize = 0;
    for (; i + 16 <= plane; i += 16) {
      v128.store(addresses + i, givenAddresses(v128.load(probabilities + i), v128.load(labels + i), class_, factor, base));
    }
    for (; i < plane; i += 4) {
      const address = givenAddresses(v128.load32_splat(probabilities + i), v128.load32_splat(labels + i), class_, factor, base);
      v128.store_lane<f32>(addresses + i, address, 0);
    }
  }
}

// @ts-ignore: decorator
@inline
function givenAddresses(p: v128, label: v128, class_: v128, factor: v128, base: v128): v128 {
  // at most 1; NaN (of an ignored pixel) counts as 0
  const known = f32x4.pmin(f32x4.splat(1), f32x4.pmax(f32x4.splat(0), p));
  const kept = i32x4.ge_s(label, i32x4.splat(0));
  return unitAddresses(v128.and(known, kept), i32x4.eq(label, class_), factor, base);
}

// Of errors 1 - p for positives, else p. As `binAddresses`, but for errors that are within 0..1 and a label that is all ones.
// @ts-ignore: decorator
@inline
function unitAddresses(p: v128, isPositive: v128, factor: v128, base: v128): v128 {
  const error = f32x4.abs(f32x4.sub(v128.and(isPositive, f32x4.splat(1)), p));
  const bin = f32x4.add(f32x4.splat(ABOVE), f32x4.ceil(f32x4.mul(error, factor)));
  return i32x4.add(i32x4.shl(i32x4.sub(bin, isPositive), 2), base);
}
