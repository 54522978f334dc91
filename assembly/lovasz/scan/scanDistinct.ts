// The weights of sorted records, four at a time, while no two errors are equal, each pixel weighs 1, and the set function is Jaccard's.
// Of D = P + fp and TP, both whole numbers, the closed form of algorithm 1 (weights.ts) is one quotient in float32: (D + 1) / (D (D + 1))
// of a positive, TP / (D (D + 1)) of a negative. D and TP are exact up to 2^24, and above it to float32.

import { held } from "../../inline/held";
import { highHalf, lowHalf, sumF64 } from "../../inline/lanes";
import { inAll, negativesAbove } from "../../inline/negatives";
import { HINGE, RAW } from "../errors/key";
import { CODES, probabilities4 } from "../errors/probability";
import { keysOf, storeKeyedX4 } from "../sort/record";
import { labelSignsOf, marginsOf, storeX4 } from "../sort/marginRecord";
import { count } from "./count";

/**
 * Scans records from `p` on, to the last four before `stop` or until two are equal; returns where it ends. Advances `count`, and
 * writes `scale` times the gradient. Records are those of marginRecord.ts for HINGE, whose `base` is the mask of their pixels; else
 * those of record.ts, whose `base` is added to their keys.
 */
// @ts-ignore: decorator
@inline
export function scanDistinct(kind: i32, p: usize, stop: usize, base: u32, scale: f32, gradient: usize): usize {
  count.loss = 0;
  if (p + 64 > stop) return p;
  const factor = held(f32x4.splat(scale));
  const one = held(f32x4.splat(1));
  const four = held(i32x4.splat(4));
  const least = kind == HINGE ? one : held(i32x4.splat(base));
  const codes = kind == HINGE ? one : held(i32x4.splat(CODES));
  let union = i32x4.splat(count.union);
  // TP = D - the records before
  let before = i32x4.add(i32x4.splat(count.union - count.intersection), i32x4(0, 1, 2, 3));
  let sum = f64x2.splat(0);
  let a = v128.load(p);
  let b = v128.load(p, 16);
  // of a margin, itself
  let key = kind == HINGE ? marginsOf(a, b) : keysOf(a, b);
  let label = labelSignsOf(a, b);
  for (; p + 64 <= stop; p += 32) {
    a = v128.load(p, 32);
    b = v128.load(p, 48);
    const next = kind == HINGE ? marginsOf(a, b) : keysOf(a, b);
    const shifted = i32x4.shuffle(key, next, 1, 2, 3, 4);
    if (i32x4.bitmask(kind == HINGE ? f32x4.eq(key, shifted) : i32x4.eq(key, shifted))) break;
    const counts = (i32x4.bitmask(label) as usize) << 4;
    const unions = i32x4.add(union, v128.load(counts, negativesAbove));
    const d = f32x4.convert_i32x4_s(unions);
    const dNext = f32x4.add(d, one);
    const intersections = f32x4.convert_i32x4_s(i32x4.sub(unions, before));
    const weight = f32x4.div(v128.bitselect(dNext, intersections, i32x4.shr_s(label, 31)), f32x4.mul(d, dNext));
    const terms = f32x4.mul(weight, errorsOf(kind, key, least, codes, one));
    // each way as it was measured to be the faster one
    if (kind == HINGE) sum = f64x2.add(sum, lowHalf(f32x4.add(terms, i32x4.shuffle(terms, terms, 2, 3, 2, 3))));
    else sum = f64x2.add(sum, f64x2.add(lowHalf(terms), highHalf(terms)));
    const derivative = f32x4.mul(kind == RAW ? weight : v128.xor(weight, label), factor);
    if (kind == HINGE) storeX4(p, base, derivative, gradient);
    else storeKeyedX4(p, derivative, gradient);
    union = i32x4.add(union, v128.load(counts, inAll));
    before = i32x4.add(before, four);
    key = next;
    label = labelSignsOf(a, b);
  }
  count.union = i32x4.extract_lane(union, 0);
  count.intersection = count.union - i32x4.extract_lane(before, 0);
  count.loss = sumF64(sum);
  return p;
}

// @ts-ignore: decorator
@inline
function errorsOf(kind: i32, key: v128, least: v128, codes: v128, one: v128): v128 {
  if (kind == HINGE) return f32x4.sub(one, key);
  const full = i32x4.add(key, least);
  if (kind == RAW) return v128.not(i32x4.add(full, i32x4.splat(1)));
  return probabilities4(i32x4.sub(codes, full), one);
}
