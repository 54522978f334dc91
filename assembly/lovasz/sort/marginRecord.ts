// The record that stands for a pixel of the hinge while it is sorted: u64, and a float64 of the same order as the margin.
//
//   | 63 ........... 32 | 31 ........ | ..... 2 | 1 | 0: label |
//   |   margin (f32)    | bucket digit |  pixel  | 0 |         |
//
// The first digit of a bucket (bucketSort.ts), by which records are distributed last, is packed into the bits that the index of the pixel leaves unused; other sorts pack none.

import { readBytes } from "../errors/margins";

/** Two records in each of two vectors. */
// @ts-ignore: decorator
@inline
export function firstPair(mark: v128, margin: v128): v128 {
  return i32x4.shuffle(mark, margin, 0, 4, 1, 5);
}

// @ts-ignore: decorator
@inline
export function secondPair(mark: v128, margin: v128): v128 {
  return i32x4.shuffle(mark, margin, 2, 6, 3, 7);
}

/** The lower halves of four records: `pixel` holds four times each index, and what is packed above. */
// @ts-ignore: decorator
@inline
export function marksOf(pixel: v128, labels: usize): v128 {
  return v128.or(pixel, readBytes(labels));
}

/** The margins of the four records at `p`. */
// @ts-ignore: decorator
@inline
export function marginsAt(p: usize): v128 {
  return marginsOf(v128.load(p), v128.load(p, 16));
}

/** The margins of two pairs of records. */
// @ts-ignore: decorator
@inline
export function marginsOf(a: v128, b: v128): v128 {
  return i32x4.shuffle(a, b, 1, 3, 5, 7);
}

/** The sign bits of four lanes are set where the records of two pairs are positives. */
// @ts-ignore: decorator
@inline
export function labelSignsOf(a: v128, b: v128): v128 {
  return i32x4.shl(i32x4.shuffle(a, b, 0, 2, 4, 6), 31);
}

/** The same of the four records at `p`. */
// @ts-ignore: decorator
@inline
export function labelSignsAt(p: usize): v128 {
  return labelSignsOf(v128.load(p), v128.load(p, 16));
}

/** The mask of the pixel in a lower half of which the first `packed` bits hold a digit: its bits are an offset of float32. */
// @ts-ignore: decorator
@inline
export function pixelMask(packed: u32): u32 {
  return (u32.MAX_VALUE >>> packed) & ~3;
}

/** Stores the lanes of `values` for the pixels of the four records at `p`. */
// @ts-ignore: decorator
@inline
export function storeX4(p: usize, mask: u32, values: v128, to: usize): void {
  v128.store_lane<f32>(to + ((load<u32>(p) & mask) as usize), values, 0);
  v128.store_lane<f32>(to + ((load<u32>(p, 8) & mask) as usize), values, 1);
  v128.store_lane<f32>(to + ((load<u32>(p, 16) & mask) as usize), values, 2);
  v128.store_lane<f32>(to + ((load<u32>(p, 24) & mask) as usize), values, 3);
}
