// The weights of sorted records (see records.ts), four at a time, where each pixel weighs 1, no two errors are equal, and the set function
// is Jaccard's: of P + fp and TP, whole numbers, the closed form of algorithm 1 (see weights.ts) is one quotient in float32, (D + 1) /
// (D (D + 1)) of a positive, TP / (D (D + 1)) of a negative. D and TP themselves are exact up to 2^24, above to float32.

import { held } from "../../inline/held";
import { highHalf, lowHalf } from "../../inline/lanes";
import { inAll, negativesAbove } from "../../inline/negatives";
import { RAW } from "../errors/key";
import { CODES, probabilities4 } from "../errors/probability";

/** P + fp and TP after the last of the records, and what these add to the loss. */
export let union: i32 = 0;
export let intersection: i32 = 0;
export let loss: f64 = 0;

/**
 * Weighs records of `kind` from `p` on, `union_` and `intersection_` before them, for as long as no two of four and the next tie, and returns
 * where that ends. Keys are those of the records and `least`. Writes `scale` times the gradient to `gradient`.
 */
// @ts-ignore: decorator
@inline
export function scanDistinct(kind: i32, p: usize, stop: usize, least: u32, union_: i32, intersection_: i32, scale: f32, gradient: usize): usize {
  union = union_;
  intersection = intersection_;
  loss = 0;
  if (p + 64 > stop) return p;
  const factor = held(f32x4.splat(scale));
  const one = held(f32x4.splat(1));
  const four = held(i32x4.splat(4));
  const from = held(i32x4.splat(least));
  const codes = held(i32x4.splat(CODES));
  let d = i32x4.splat(union_);
  // TP = D - the records before
  let before = i32x4.add(i32x4.splat(union_ - intersection_), i32x4(0, 1, 2, 3));
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
    const intersections = f32x4.convert_i32x4_s(i32x4.sub(whole, before));
    const weight = f32x4.div(v128.bitselect(wider, intersections, i32x4.shr_s(label, 31)), f32x4.mul(wide, wider));
    const full = i32x4.add(key, from);
    const error = kind == RAW ? v128.not(i32x4.add(full, i32x4.splat(1))) : probabilities4(i32x4.sub(codes, full), one);
    const terms = f32x4.mul(weight, error);
    sum = f64x2.add(sum, f64x2.add(lowHalf(terms), highHalf(terms)));
    const g = f32x4.mul(kind == RAW ? weight : v128.xor(weight, label), factor);
    v128.store_lane<f32>(gradient + offsetOf(load<u32>(p)), g, 0);
    v128.store_lane<f32>(gradient + offsetOf(load<u32>(p, 8)), g, 1);
    v128.store_lane<f32>(gradient + offsetOf(load<u32>(p, 16)), g, 2);
    v128.store_lane<f32>(gradient + offsetOf(load<u32>(p, 24)), g, 3);
    d = i32x4.add(d, v128.load(counts, inAll));
    before = i32x4.add(before, four);
    key = next;
    mark = nextMark;
  }
  union = i32x4.extract_lane(d, 0);
  intersection = union - i32x4.extract_lane(before, 0);
  loss = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  return p;
}

// bytes to the pixel of a record's lower half
// @ts-ignore: decorator
@inline
function offsetOf(mark: u32): usize {
  return ((mark & 0x7ffffffe) as usize) << 1;
}
