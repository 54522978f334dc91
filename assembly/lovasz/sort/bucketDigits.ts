// The two digits of a bucket (bucketSort.ts): tables of how often each occurs, which become the addresses of the next records.

import { held } from "../../inline/held";
import { addresses } from "../../sort/addresses";
import { KEY_ORIGIN } from "../errors/margins";
import { sort } from "./marginSort";

/** The most bits of the second digit; the first has one more. */
export const DIGITS: i32 = 11;

// the second digits, and an entry after them for pixels that are not sorted
const lower = memory.data(((1 << DIGITS) + 4) << 2, 16);
// the first digits
const upper = memory.data(((1 << DIGITS) + 4) << 3, 16);

/** Counts both digits of every margin up to `most`; returns how many there are. */
export function countDigits(margins: usize, n: u32, most: f32): u32 {
  const low = sort.low;
  const high = sort.high;
  memory.fill(lower, 0, 4 << low);
  memory.fill(upper, 0, (4 << high) + 4);
  const limit = held(f32x4.splat(most));
  const above = held(f32x4.splat(KEY_ORIGIN));
  const first = held(i32x4.splat(sort.firstKey));
  const end = held(i32x4.splat(1 << (low + high + sort.bucketShift)));
  const mask = held(i32x4.splat((1 << low) - 1));
  const shift = sort.bucketShift;
  for (const stop = margins + ((n as usize) << 2); margins < stop; margins += 16) {
    const margin = v128.load(margins);
    const beyond = f32x4.gt(margin, limit);
    if (i32x4.bitmask(beyond) == 15) continue;
    const left = i32x4.sub(first, f32x4.sub(above, margin));
    const digits = i32x4.shr_u(i32x4.min_u(v128.or(left, beyond), end), shift);
    const d = i32x4.shl(v128.and(digits, mask), 2);
    const e = i32x4.shl(i32x4.shr_u(digits, low), 2);
    countLower(i32x4.extract_lane(d, 0));
    countUpper(i32x4.extract_lane(e, 0));
    countLower(i32x4.extract_lane(d, 1));
    countUpper(i32x4.extract_lane(e, 1));
    countLower(i32x4.extract_lane(d, 2));
    countUpper(i32x4.extract_lane(e, 2));
    countLower(i32x4.extract_lane(d, 3));
    countUpper(i32x4.extract_lane(e, 3));
  }
  const count = sumOf(upper, 4 << high);
  // pixels beyond were counted at digit 0
  store<u32>(lower, count - sumOf(lower + 4, (4 << low) - 4));
  return count;
}

// @ts-ignore: decorator
@inline
function countLower(digit: usize): void {
  store<u32>(digit, load<u32>(digit, lower) + 1, lower);
}

// @ts-ignore: decorator
@inline
function countUpper(digit: usize): void {
  store<u32>(digit, load<u32>(digit, upper) + 1, upper);
}

function sumOf(counts: usize, bytes: usize): u32 {
  let sum: u32 = 0;
  for (const end = counts + bytes; counts < end; counts += 4) sum += load<u32>(counts);
  return sum;
}

/** Makes the counts of second digits addresses, the first at `to`. Records that are not sorted come last. */
export function startLower(to: usize): void {
  addresses(lower, (1 << sort.low) + 1, to);
}

/** Makes the counts of first digits addresses, the first at `to`. */
export function startUpper(to: usize): void {
  addresses(upper, 1 << sort.high, to);
}

/** Where the next record of a second digit goes; `digit` is four times its value. */
// @ts-ignore: decorator
@inline
export function nextLower(digit: usize): usize {
  const to = load<u32>(digit, lower);
  store<u32>(digit, to + 8, lower);
  return to;
}

/** The same of a first digit. */
// @ts-ignore: decorator
@inline
export function nextUpper(digit: usize): usize {
  const to = load<u32>(digit, upper);
  store<u32>(digit, to + 8, upper);
  return to;
}
