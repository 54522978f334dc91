// The Lovász-Softmax loss: probabilities and the sort keys of their errors, the loss of one class, and the way back to the logits.
//
// Pixels are taken a tile at a time. Planes of the classes often lie a power of two apart: reading across them would throw
// every line out of the cache before its next four pixels are due. Tiles are copied row by row into `room`, of 192 f32 a class:
//
//   | classes rows of f32 | classes rows of f64 |

import { highHalf, lowHalf } from "../inline/lanes";
import { expNegative2 } from "../inline/math64";
import { NONE, SOFTMAX, UNIT } from "./errors";
import { extension } from "./extension";
import { mendSoftmax } from "./mend";
import { CODES, inputCode, smallCode, smallCodes4 } from "./probability";

export const ROW: usize = 64 << 2;
// of each pixel in the tile: the largest logit (f32) and its class (i32), the sum of all other powers (f64)
export const largestRow = memory.data(256, 16);
export const topRow = memory.data(256, 16);
const othersRow = memory.data(512, 16);
// 1 / sum (f64, f32), or 0 where void
export const shareRow = memory.data(512, 16);
// labels (i32), and a row of the result
export const labelRow = memory.data(256, 16);
const outRow = memory.data(256, 16);

const LARGEST: f32 = f32.MAX_VALUE;

/**
 * The softmax over the classes of `logits` [classes, pixels] of one image, in float64: `out` in f32, and `keys` of its errors
 * (u32, see probability.ts) given the labels (i32). Of each pixel besides, `top` (i32), the class of its largest logit, and
 * `others` (f64), the sum of e^(logit - largest) over all other classes: what a probability close to 1 has lost. Where the
 * label is void, -1, all probabilities are 0. Returns whether all logits are finite, void pixels included; where not, nothing
 * else is right but for void pixels.
 */
export function softmaxKeys_f32(
  logits: usize,
  labels: usize,
  out: usize,
  keys: usize,
  others: usize,
  top: usize,
  classes: u32,
  pixels: u32,
  room: usize,
): bool {
  const plane = (pixels as usize) << 2;
  let finite = true;
  for (let i: usize = 0; i < plane; i += ROW) {
    const bytes = min(ROW, plane - i);
    if (!readTile(logits + i, labels + i, plane, classes, bytes, room)) finite = false;
    powers(room, classes);
    copyRow(topRow, top + i, bytes);
    copyRow(othersRow, others + 2 * i, 2 * bytes);
    share(room, classes);
    background(out + i, plane, classes, bytes, room);
    foreground(room, classes);
    for (let c: u32 = 0, at = room, to = keys + i; c < classes; c++, at += ROW, to += plane) copyRow(at, to, bytes);
  }
  return finite;
}

// copies labels and logits of a tile, finds the largest of each pixel, and tells whether all are finite
function readTile(from: usize, labels: usize, plane: usize, classes: u32, bytes: usize, room: usize): bool {
  if (bytes < ROW) {
    memory.fill(room, 0, (classes as usize) * ROW);
    memory.fill(labelRow, 0xff, ROW);
  }
  copyRow(labels, labelRow, bytes);
  let finite = i32x4.splat(-1);
  for (let c: u32 = 0; c < classes; c++, from += plane, room += ROW) {
    const row = wholeRow(from, room, bytes);
    const class_ = i32x4.splat(c);
    for (let i: usize = 0; i < ROW; i += 16) {
      const x = v128.load(row + i);
      v128.store(room + i, x);
      finite = v128.and(finite, f32x4.le(f32x4.abs(x), f32x4.splat(LARGEST)));
      const largest = v128.load(largestRow + i);
      const more = c == 0 ? i32x4.splat(-1) : f32x4.gt(x, largest);
      v128.store(largestRow + i, v128.bitselect(x, largest, more));
      v128.store(topRow + i, v128.bitselect(class_, v128.load(topRow + i), more));
    }
  }
  return i32x4.all_true(finite);
}

// e^(logit - largest) of a tile, and the sum of all but the largest
function powers(room: usize, classes: u32): void {
  const first = room + (classes as usize) * ROW;
  // the largest is left out of the sum: its power becomes next to nothing
  for (let i: usize = 0; i < ROW; i += 4) store<f32>(room + (load<u32>(topRow + i) as usize) * ROW + i, -Infinity);
  for (let i: usize = 0; i < ROW; i += 16) {
    const largest = v128.load(largestRow + i);
    const largestLow = lowHalf(largest);
    const largestHigh = highHalf(largest);
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    let to = first + 2 * i;
    for (let at = room + i; at < first; at += ROW, to += 2 * ROW) {
      const x = v128.load(at);
      const eLow = expNegative2(f64x2.sub(lowHalf(x), largestLow));
      const eHigh = expNegative2(f64x2.sub(highHalf(x), largestHigh));
      v128.store(to, eLow);
      v128.store(to, eHigh, 16);
      low = f64x2.add(low, eLow);
      high = f64x2.add(high, eHigh);
    }
    v128.store(othersRow + 2 * i, low);
    v128.store(othersRow + 2 * i, high, 16);
  }
}

// what makes powers probabilities; where void, there are none
function share(room: usize, classes: u32): void {
  const first = room + (classes as usize) * ROW;
  const one = f64x2.splat(1);
  for (let i: usize = 0; i < 2 * ROW; i += 16) v128.store(shareRow + i, f64x2.div(one, f64x2.add(one, v128.load(othersRow + i))));
  for (let i: usize = 0; i < ROW; i += 4) {
    store<f64>(first + 2 * ((load<u32>(topRow + i) as usize) * ROW + i), 1);
    if (load<i32>(labelRow + i) >= 0) continue;
    store<f64>(shareRow + 2 * i, 0);
    for (let c: u32 = 0, at = first + 2 * i; c < classes; c++, at += 2 * ROW) store<f64>(at, 0);
  }
}

// probabilities of a tile, and in `room` keys of errors as if no pixel were a positive, and no probability above 1/2
function background(out: usize, plane: usize, classes: u32, bytes: usize, room: usize): void {
  for (let c: u32 = 0, at = room, power = room + (classes as usize) * ROW; c < classes; c++, out += plane, at += ROW, power += 2 * ROW) {
    const to = bytes == ROW ? out : outRow;
    for (let i: usize = 0; i < ROW; i += 16) {
      const low = f64x2.mul(v128.load(power + 2 * i), v128.load(shareRow + 2 * i));
      const high = f64x2.mul(v128.load(power + 2 * i, 16), v128.load(shareRow + 2 * i, 16));
      v128.store(to + i, i64x2.shuffle(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2));
      v128.store(at + i, i32x4.sub(i32x4.splat(CODES), smallCodes4(low, high)));
    }
    if (bytes < ROW) copyRow(outRow, out, bytes);
  }
}

// puts right the keys of what `background` passes over: of each pixel, no more than two
function foreground(room: usize, classes: u32): void {
  for (let i: usize = 0; i < ROW; i += 4) {
    const label = load<i32>(labelRow + i);
    if (label < 0) {
      for (let c: u32 = 0, at = room + i; c < classes; c++, at += ROW) store<u32>(at, NONE);
      continue;
    }
    const others = load<f64>(othersRow + 2 * i);
    // more than 1/2 is only the largest
    if (others < 1) store<u32>(room + (load<u32>(topRow + i) as usize) * ROW + i, smallCode(others * load<f64>(shareRow + 2 * i)));
    const own = room + (label as usize) * ROW + i;
    // errors of positives fall with p, those of negatives rise
    store<u32>(own, CODES - load<u32>(own));
  }
}

// where a whole row can be read: at `from`, or, where there is less, in `room`
// @ts-ignore: decorator
@inline
function wholeRow(from: usize, room: usize, bytes: usize): usize {
  if (bytes == ROW) return from;
  copyRow(from, room, bytes);
  return room;
}

// at most a row, in whole vectors and what is left of four bytes
// @ts-ignore: decorator
@inline
export function copyRow(from: usize, to: usize, bytes: usize): void {
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(to + i, v128.load(from + i));
  for (; i < bytes; i += 4) store<u32>(to + i, load<u32>(from + i));
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

/**
 * The loss of class `c` over `images` together, from their keys [images, classes, pixels] and labels [images, pixels]. With
 * logits of the same shape, their `others` and `top` [images, pixels], errors whose keys are equal are told apart; without
 * them (0) they tie. Writes `scale` times its slope by the class's probabilities to `slopes` [images, pixels]. The rest as in
 * binary.ts.
 */
export function lovaszClass_f32(
  keys: usize,
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
  const plane = (pixels as usize) << 2;
  const first = keys + (c as usize) * plane;
  const stride = (classes as usize) * plane;
  if (!logits) {
    return extension(UNIT, first, labels, c, images, pixels, stride, alpha, beta, weights, scale, slopes, records, spare, counters);
  }
  mendSoftmax(logits, others, top, c, classes, pixels);
  return extension(SOFTMAX, first, labels, c, images, pixels, stride, alpha, beta, weights, scale, slopes, records, spare, counters);
}

/**
 * `factor` times the gradient of the logits [classes, pixels] of one image from the slopes g by the probabilities p:
 * p_k (g_k - sum p g), as p_k (g_k - g_top + D) with D = sum p_k (g_top - g_k), in which nothing near 1 cancels. `out` may be
 * `slopes`; `room` as above.
 */
export function softmaxSlopes_f32(
  probabilities: usize,
  top: usize,
  slopes: usize,
  factor: f32,
  out: usize,
  classes: u32,
  pixels: u32,
  room: usize,
): void {
  descendAll(probabilities, false, top, slopes, factor, out, classes, pixels, room);
}

/** The same from probabilities in tiles, as softmaxPlaces_f32 writes them. */
export function softmaxTileSlopes_f32(
  probabilities: usize,
  top: usize,
  slopes: usize,
  factor: f32,
  out: usize,
  classes: u32,
  pixels: u32,
  room: usize,
): void {
  descendAll(probabilities, true, top, slopes, factor, out, classes, pixels, room);
}

function descendAll(
  probabilities: usize,
  tiled: bool,
  top: usize,
  slopes: usize,
  factor: f32,
  out: usize,
  classes: u32,
  pixels: u32,
  room: usize,
): void {
  const plane = (pixels as usize) << 2;
  const tile = (classes as usize) * ROW;
  for (let i: usize = 0; i < plane; i += ROW) {
    const bytes = min(ROW, plane - i);
    if (bytes < ROW) memory.fill(topRow, 0, ROW);
    copyRow(top + i, topRow, bytes);
    copyRows(slopes + i, plane, room, tile, bytes);
    const p = tiled ? probabilities + i * (classes as usize) : room + tile;
    if (!tiled) copyRows(probabilities + i, plane, p, tile, bytes);
    descend(room, p, tile);
    slopeTile(factor, room, p, tile, out + i, plane, bytes);
  }
}

function copyRows(from: usize, stride: usize, to: usize, tile: usize, bytes: usize): void {
  for (const end = to + tile; to < end; to += ROW, from += stride) copyRow(from, to, bytes);
}

// g_k - g_top in place of g_k, and D
function descend(g: usize, p: usize, tile: usize): void {
  for (let i: usize = 0; i < ROW; i += 4) store<f32>(largestRow + i, load<f32>(g + (load<u32>(topRow + i) as usize) * ROW + i));
  for (let i: usize = 0; i < ROW; i += 16) {
    const largest = v128.load(largestRow + i);
    let sum = f32x4.splat(0);
    for (let k = i; k < tile; k += ROW) {
      const difference = f32x4.sub(v128.load(g + k), largest);
      v128.store(g + k, difference);
      sum = f32x4.sub(sum, f32x4.mul(v128.load(p + k), difference));
    }
    v128.store(outRow + i, sum);
  }
}

function slopeTile(factor: f32, g: usize, p: usize, tile: usize, out: usize, plane: usize, bytes: usize): void {
  const factors = f32x4.splat(factor);
  for (const end = g + tile; g < end; g += ROW, p += ROW, out += plane) {
    const to = bytes == ROW ? out : g;
    for (let i: usize = 0; i < ROW; i += 16) {
      const slope = f32x4.mul(v128.load(p + i), f32x4.add(v128.load(g + i), v128.load(outRow + i)));
      v128.store(to + i, f32x4.mul(slope, factors));
    }
    if (bytes < ROW) copyRow(g, out, bytes);
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
