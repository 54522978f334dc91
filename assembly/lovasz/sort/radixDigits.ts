// The three digits of a margin (radixSort.ts): tables of how often each value occurs, which become the addresses of the next records.

import { held } from "../../inline/held";
import { sumI32 } from "../../inline/lanes";
import { sort } from "./marginSort";

/** Bits of a digit, its largest value, and the bytes of its table. */
export const DIGITS: u32 = 11;
export const LAST: u32 = (1 << DIGITS) - 1;
export const TABLE: usize = ((LAST as usize) + 5) << 2;
/**
 * A table for each digit: how often each value occurs, then the address of the next record. An entry after them is for pixels that are
 * not sorted.
 */
export const tables = memory.data(3 * (<i32>LAST + 5) * 4, 16);

export const SIGN: i32 = 0x80000000;

/**
 * A key that ascends with the margin, the same for both zeros. It ends in as many zeros as the bits of the margin do, so that margins like
 * small whole numbers share their last digits.
 */
// @ts-ignore: decorator
@inline
export function keyOf(margin: v128, sign: v128): v128 {
  return v128.or(i32x4.abs(margin), v128.andnot(sign, margin));
}

/** Counts the digits of every margin up to `most`, and these margins in `sort.count`. */
export function countDigits(margins: usize, n: u32, most: f32): void {
  memory.fill(tables, 0, 3 * TABLE);
  const limit = held(f32x4.splat(most));
  const sign = held(i32x4.splat(SIGN));
  const mask = held(i32x4.splat(LAST << 2));
  let counted: u32 = 0;
  let unsorted = i32x4.splat(0);
  for (const stop = margins + ((n as usize) << 2); margins < stop; margins += 16) {
    const margin = v128.load(margins);
    const beyond = f32x4.gt(margin, limit);
    if (i32x4.bitmask(beyond) == 15) continue;
    counted += 4;
    unsorted = i32x4.sub(unsorted, beyond);
    const key = v128.or(keyOf(margin, sign), beyond);
    countX4(v128.and(i32x4.shl(key, 2), mask), 0);
    countX4(v128.and(i32x4.shr_u(key, DIGITS - 2), mask), 1);
    countX4(v128.and(i32x4.shr_u(key, 2 * DIGITS - 2), mask), 2);
  }
  // pixels beyond were counted at the last digit that the mask leaves of all ones
  const beyondCount = sumI32(unsorted);
  sort.count = counted - beyondCount;
  takeOff(LAST, beyondCount, tables);
  takeOff(LAST, beyondCount, tables + TABLE);
  takeOff(LAST >> 1, beyondCount, tables + 2 * TABLE);
}

// @ts-ignore: decorator
@inline
function countX4(digits: v128, table: i32): void {
  count(i32x4.extract_lane(digits, 0), table);
  count(i32x4.extract_lane(digits, 1), table);
  count(i32x4.extract_lane(digits, 2), table);
  count(i32x4.extract_lane(digits, 3), table);
}

// @ts-ignore: decorator
@inline
function count(digit: usize, table: i32): void {
  if (table == 0) store<u32>(digit, load<u32>(digit, tables) + 1, tables);
  else if (table == 1) store<u32>(digit, load<u32>(digit, tables + TABLE) + 1, tables + TABLE);
  else store<u32>(digit, load<u32>(digit, tables + 2 * TABLE) + 1, tables + 2 * TABLE);
}

function takeOff(digit: u32, some: u32, table: usize): void {
  const at = table + ((digit as usize) << 2);
  store<u32>(at, load<u32>(at) - some);
}
