// The record that stands for a pixel while it is sorted by a key of 32 bits: u64 below 2^63, so that float64 has the same order. Nothing
// else reads or makes its bits.
//
//   | 63: 0 | 62 ...... 31 | 30 ... 1 | 0: label |
//   |       | key - least  |  pixel   |          |

/** The record of one pixel; `key` is its key less the smallest. */
// @ts-ignore: decorator
@inline
export function recordOf(key: u32, pixel: u32, label: u32): u64 {
  return ((key as u64) << 31) | (pixel << 1) | label;
}

/** The lower halves of four records: `pixels` holds twice each index, `isPositive` all ones for positives. */
// @ts-ignore: decorator
@inline
export function lowerHalves(key: v128, pixels: v128, isPositive: v128): v128 {
  return v128.or(i32x4.shl(key, 31), i32x4.sub(pixels, isPositive));
}

/** The upper halves of four records. */
// @ts-ignore: decorator
@inline
export function upperHalves(key: v128): v128 {
  return i32x4.shr_u(key, 1);
}

/** The key of a record, less the smallest. */
// @ts-ignore: decorator
@inline
export function keyAt(record: usize): u32 {
  return (load<u64>(record) >> 31) as u32;
}

/** The keys of two pairs of records, less the smallest. */
// @ts-ignore: decorator
@inline
export function keysOf(a: v128, b: v128): v128 {
  return i32x4.sub(i32x4.shl(i32x4.shuffle(a, b, 1, 3, 5, 7), 1), i32x4.shr_s(i32x4.shuffle(a, b, 0, 2, 4, 6), 31));
}

/** The pixel of a record. */
// @ts-ignore: decorator
@inline
export function pixelAt(record: usize): u32 {
  return (load<u32>(record) & 0x7fffffff) >> 1;
}

/** The label of a record, 1 for a positive. */
// @ts-ignore: decorator
@inline
export function labelAt(record: usize): u32 {
  return load<u32>(record) & 1;
}

/** The offset of a record's pixel in float32. */
// @ts-ignore: decorator
@inline
export function offsetAt(record: usize): usize {
  return ((load<u32>(record) & 0x7ffffffe) as usize) << 1;
}

/** Stores the lanes of `values` for the pixels of the four records at `p`. */
// @ts-ignore: decorator
@inline
export function storeKeyedX4(p: usize, values: v128, to: usize): void {
  v128.store_lane<f32>(to + offsetAt(p), values, 0);
  v128.store_lane<f32>(to + offsetAt(p + 8), values, 1);
  v128.store_lane<f32>(to + offsetAt(p + 16), values, 2);
  v128.store_lane<f32>(to + offsetAt(p + 24), values, 3);
}

/** Moves all of the key, for as long as records are sorted by it, into the upper half; `fromKeyFirst` moves it back. */
// @ts-ignore: decorator
@inline
export function toKeyFirst(record: usize): void {
  store<u64>(record, load<u64>(record) << 1);
}

// @ts-ignore: decorator
@inline
export function fromKeyFirst(record: usize): void {
  store<u64>(record, load<u64>(record) >> 1);
}

/** How many of the last bits of a key are not in the upper half of its record. */
export const LOWER_BITS: u32 = 1;

/** Gives a record another key, of 32 bits in the upper half: it is no longer of the layout above, and has its pixel and label still. */
// @ts-ignore: decorator
@inline
export function putUpperKey(record: usize, key: u32): void {
  store<u64>(record, ((key as u64) << 32) | (load<u32>(record) & 0x7fffffff));
}

/** That key. */
// @ts-ignore: decorator
@inline
export function upperKeyAt(record: usize): u32 {
  return load<u32>(record, 4);
}
