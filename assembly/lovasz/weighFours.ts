// The weights of sorted records (see records.ts), four at a time, where each pixel weighs 1, no two errors are equal, and the set function
// is Jaccard's: of P + fp and TP, whole numbers, the closed form of algorithm 1 (see weights.ts) is one quotient in float32, (D + 1) /
// (D (D + 1)) of a positive, TP / (D (D + 1)) of a negative. D and TP themselves are exact up to 2^24, above to float32.

import { held } from "../inline/held";
import { highHalf, lowHalf } from "../inline/lanes";
import { inAll, negativesAbove } from "../inline/negatives";
import { RAW } from "./errors";
import { CODES, probabilities4 } from "./probability";

/** P + fp and TP after the last of the records, and what these add to the loss. */
export let union: i32 = 0;
export let found: i32 = 0;
export let loss: f64 = 0;

/**
 * Weighs records of `kind` from `p` on, `union_` and `found_` before them, for as long as no two of four and the next tie, and returns
 * where that ends. Keys are those of the records and `least`. Writes `scale` times the slopes to `slopes`.
 */
// @ts-ignore: decorator
@inline
export function weighFours(kind: i32, p: usize, stop: usize, least: u32, union_: i32, found_: i32, scale: f32, slopes: usize): usize {
  union = union_;
  found = found_;
  loss = 0;
  if (p + 64 > stop) return p;
  const factor = held(f32x4.splat(scale));
  const one = held(f32x4.splat(1));
  const four = held(i32x4.splat(4));
  const from = held(i32x4.splat(least));
  const codes = held(i32x4.splat(CODES));
  let d = i32x4.splat(union_);
  // TP = D - the records before
  let before = i32x4.add(i32x4.splat(union_ - found_), i32x4(0, 1, 2, 3));
  let sum = f64x2.splat(0);
  let a = v128.load(p);
  let b = v128.load(p, 16);
  let mark = i32x4.shuffle(a, b, 0, 2, 4, 6);
  let key = i32x4.sub(i32x4.shl(i32x4.shuffle(a, b, 1, 3, 5, 7), 1), i32x4.shr_s(mark, 31));
  for (; p + 64 <= stop; p += 32) {
    a = v128.load(p, 32);
    b = v128.load(p, 48);
    const nextMark = i32x4.shuffle(a, b, 0, 2, 4, 6);
    const next = i32x4.sub(i32x4.shl(i32x4.shuffle(a, b, 1, 3, 5, 7), 1), i32x4.shr_s(nextMark, 31));
    if (i32x4.bitmask(i32x4.eq(key, i32x4.shuffle(key, next, 1, 2, 3, 4)))) break;
    const label = i32x4.shl(mark, 31);
    const counts = (i32x4.bitmask(label) as usize) << 4;
    const whole = i32x4.add(d, v128.load(counts, negativesAbove));
    const wide = f32x4.convert_i32x4_s(whole);
    const wider = f32x4.add(wide, one);
    const truePositives = f32x4.convert_i32x4_s(i32x4.sub(whole, before));
    const weight = f32x4.div(v128.bitselect(wider, truePositives, i32x4.shr_s(label, 31)), f32x4.mul(wide, wider));
    const full = i32x4.add(key, from);
    const error = kind == RAW ? v128.not(i32x4.add(full, i32x4.splat(1))) : probabilities4(i32x4.sub(codes, full), one);
    const part = f32x4.mul(weight, error);
    sum = f64x2.add(sum, f64x2.add(lowHalf(part), highHalf(part)));
    const slope = f32x4.mul(kind == RAW ? weight : v128.xor(weight, label), factor);
    v128.store_lane<f32>(slopes + placeOf(load<u32>(p)), slope, 0);
    v128.store_lane<f32>(slopes + placeOf(load<u32>(p, 8)), slope, 1);
    v128.store_lane<f32>(slopes + placeOf(load<u32>(p, 16)), slope, 2);
    v128.store_lane<f32>(slopes + placeOf(load<u32>(p, 24)), slope, 3);
    d = i32x4.add(d, v128.load(counts, inAll));
    before = i32x4.add(before, four);
    key = next;
    mark = nextMark;
  }
  union = i32x4.extract_lane(d, 0);
  found = union - i32x4.extract_lane(before, 0);
  loss = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  return p;
}

// bytes to the pixel of a record's lower half
// @ts-ignore: decorator
@inline
function placeOf(mark: u32): usize {
  return ((mark & 0x7ffffffe) as usize) << 1;
}
