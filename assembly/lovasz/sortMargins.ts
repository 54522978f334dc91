// Sorts pixels by their margins: by the cells of these in two passes, the first straight from the margins; then in full order within
// cells. A record is
//
//   | 63 ... 32: key, ascends with the margin | high digit | pixel | 0: label |

import { keyToFloat } from "../inline/order";
import { sortInPlace } from "../sort/radix";
import { readBytes, spread, spreads } from "./margins";

const SIGN: i32 = 0x80000000;

// bytes: a record that belongs further back within its cell has the cell sorted, within a bin of the cell all by their keys
const NEAR: usize = 64;
const FAR: usize = 256;
// more records than these have too few bins
const MANY: u32 = 1 << 14;

// the bits of the largest error, spread; how many last bits of what is left of others no pass sorts by
let top: u32 = 0;
let cell: u32 = 0;
// bits of the two digits
let low: u32 = 0;
let high: u32 = 0;

/** The bits of a sorted record that hold its pixel, doubled. */
// @ts-ignore: decorator
@inline
export function pixelBits(): u32 {
  return ~(u32.MAX_VALUE << (32 - high)) & ~1;
}

/**
 * Writes the sorted records of the pixels whose margins are from `least` to `most`, below 1, to `records`; returns how many there are.
 * `margins` [n] may lie in `records`. `records`, `spare`: room for n + 4 u64; `counters`: for COUNTER_BYTES.
 */
export function sortMargins(
  margins: usize,
  labels: usize,
  n: u32,
  least: f32,
  most: f32,
  records: usize,
  spare: usize,
  counters: usize,
): u32 {
  // some four cells a pixel; what a record has left holds the high digit
  low = max<i32>(4, min<i32>(11, (34 - (clz<u32>(n) as i32)) >> 1));
  high = min<u32>(low, clz<u32>(n) - 1);
  top = spread(least);
  cell = max<i32>(0, 32 - (clz<u32>(top - spread(most)) as i32) - low - high);
  const upper = counters + (4 << low) + 4;
  const m = countDigits(margins, n, most, counters, upper);
  if (m == 0) return 0;
  distribute(margins, labels, n, most, counters, spare);
  move(spare, m, upper, records);
  order(records, records + ((m as usize) << 3), spare, counters);
  return m;
}

// counts the two digits of every cell up to that of `last`, other pixels in a place after the last; returns how many are counted
function countDigits(margins: usize, n: u32, last: f32, lower: usize, upper: usize): u32 {
  memory.fill(lower, 0, upper - lower + (4 << high) + 4);
  const to = f32x4.splat(last);
  const mask = i32x4.splat((1 << low) - 1);
  const noLow = i32x4.splat(1 << low);
  const noHigh = i32x4.splat(1 << high);
  const toLower = i32x4.splat(lower as i32);
  const toUpper = i32x4.splat(upper as i32);
  const first = i32x4.splat(top);
  const shift = cell;
  for (let i: u32 = 0; i < n; i += 4, margins += 16) {
    const margin = v128.load(margins);
    const within = f32x4.le(margin, to);
    if (!v128.any_true(within)) continue;
    const digits = i32x4.shr_u(i32x4.sub(first, spreads(margin)), shift);
    const d = i32x4.add(toLower, i32x4.shl(v128.bitselect(v128.and(digits, mask), noLow, within), 2));
    const e = i32x4.add(toUpper, i32x4.shl(v128.bitselect(i32x4.shr_u(digits, low), noHigh, within), 2));
    count(i32x4.extract_lane(d, 0) as usize);
    count(i32x4.extract_lane(e, 0) as usize);
    count(i32x4.extract_lane(d, 1) as usize);
    count(i32x4.extract_lane(e, 1) as usize);
    count(i32x4.extract_lane(d, 2) as usize);
    count(i32x4.extract_lane(e, 2) as usize);
    count(i32x4.extract_lane(d, 3) as usize);
    count(i32x4.extract_lane(e, 3) as usize);
  }
  let m: u32 = 0;
  for (let d = lower, end = lower + (4 << low); d < end; d += 4) m += load<u32>(d);
  return m;
}

// counters become the address of each digit's next record
function addresses(counters: usize, digits: u32, to: usize): void {
  for (let d = counters, last = counters + ((digits as usize) << 2); d < last; d += 4) {
    const c = load<u32>(d) as usize;
    store<u32>(d, to as u32);
    to += c << 3;
  }
}

// Makes the record of each pixel up to `last` and puts it where its low digit belongs; other pixels go behind them.
function distribute(margins: usize, labels: usize, n: u32, last: f32, counters: usize, out: usize): void {
  addresses(counters, (1 << low) + 1, out);
  const to = f32x4.splat(last);
  const mask = i32x4.splat((1 << low) - 1);
  const none = i32x4.splat(1 << low);
  const toCounters = i32x4.splat(counters as i32);
  const first = i32x4.splat(top);
  const shift = cell;
  const highAt = 32 - high - low;
  let pixel = i32x4(0, 2, 4, 6);
  for (let i: u32 = 0; i < n; i += 4, margins += 16, labels += 4) {
    const margin = v128.load(margins);
    const within = f32x4.le(margin, to);
    if (v128.any_true(within)) {
      const digits = i32x4.shr_u(i32x4.sub(first, spreads(margin)), shift);
      const d = i32x4.add(toCounters, i32x4.shl(v128.bitselect(v128.and(digits, mask), none, within), 2));
      // -0 becomes 0
      const bits = f32x4.add(margin, f32x4.splat(0));
      const key = v128.xor(bits, v128.or(i32x4.shr_s(bits, 31), i32x4.splat(SIGN)));
      const carried = v128.or(i32x4.shl(v128.andnot(digits, mask), highAt), pixel);
      const mark = v128.or(carried, v128.and(readBytes(labels), i32x4.splat(1)));
      const a = i32x4.shuffle(mark, key, 0, 4, 1, 5);
      const b = i32x4.shuffle(mark, key, 2, 6, 3, 7);
      put(i32x4.extract_lane(d, 0) as usize, a, 0);
      put(i32x4.extract_lane(d, 1) as usize, a, 1);
      put(i32x4.extract_lane(d, 2) as usize, b, 0);
      put(i32x4.extract_lane(d, 3) as usize, b, 1);
    }
    pixel = i32x4.add(pixel, i32x4.splat(8));
  }
}

// @ts-ignore: decorator
@inline
function count(counter: usize): void {
  store<u32>(counter, load<u32>(counter) + 1);
}

// @ts-ignore: decorator
@inline
function put(counter: usize, two: v128, lane: u8): void {
  const to = load<u32>(counter);
  if (lane) v128.store64_lane(to, two, 1);
  else v128.store64_lane(to, two, 0);
  store<u32>(counter, to + 8);
}

// moves records to where their high digit belongs
function move(from: usize, m: u32, counters: usize, to: usize): void {
  addresses(counters, 1 << high, to);
  const shift: u32 = 32 - high;
  for (const end = from + ((m as usize) << 3); from < end; from += 8) {
    const record = load<u64>(from);
    const counter = counters + ((((record as u32) >> shift) as usize) << 2);
    const at = load<u32>(counter);
    store<u64>(at, record);
    store<u32>(counter, at + 8);
  }
}

// @ts-ignore: decorator
@inline
function cellOf(key: u32): u32 {
  return (top - spread(keyToFloat(key))) >> cell;
}

// Puts records in full order that are in that of their cells. Carrying the larger of each two along does so for pairs, without a
// branch that chance would mispredict; the few that are still amiss are inserted.
function order(start: usize, stop: usize, spare: usize, counters: usize): void {
  let carried = load<u64>(start);
  let before: u64 = 0;
  let p = start;
  for (; p + 8 < stop; p += 8) {
    const next = load<u64>(p, 8);
    const more = carried > next;
    const here = select<u64>(next, carried, more);
    carried = select<u64>(carried, next, more);
    store<u64>(p, here);
    if (here >= before) {
      before = here;
      continue;
    }
    if (insert(start, p, here, NEAR)) continue;
    store<u64>(p, carried, 8);
    p = orderCell(start, p, stop, spare, counters);
    if (p >= stop) return;
    before = load<u64>(p - 8);
    carried = load<u64>(p);
    p -= 8;
  }
  store<u64>(p, carried);
  if (carried < before && !insert(start, p, carried, NEAR)) orderCell(start, p, stop, spare, counters);
}

// inserts the record at `p` into those before it; false where that would take long, with nothing lost
function insert(start: usize, p: usize, record: u64, far: usize): bool {
  const least = max(start, p - min<usize>(p, far));
  let q = p;
  for (; q > least && load<u64>(q - 8) > record; q -= 8) store<u64>(q, load<u64>(q - 8));
  store<u64>(q, record);
  return q > least || q == start;
}

// sorts the cell of the record at `p`; returns where it ends
function orderCell(start: usize, p: usize, stop: usize, spare: usize, counters: usize): usize {
  const own = cellOf(load<u32>(p, 4));
  let first = p;
  while (first > start && cellOf(load<u32>(first - 4)) == own) first -= 8;
  let end = p + 8;
  while (end < stop && cellOf(load<u32>(end, 4)) == own) end += 8;
  sortByMargin(first, end, spare, counters);
  return end;
}

// Sorts records by counting them in bins between the least and the largest margin, and inserting what is amiss within those.
function sortByMargin(start: usize, end: usize, spare: usize, counters: usize): void {
  const count = ((end - start) >> 3) as u32;
  if (count > MANY) return sortInPlace(start, spare, counters, count);
  let least = u32.MAX_VALUE;
  let most: u32 = 0;
  for (let p = start; p < end; p += 8) {
    const key = load<u32>(p, 4);
    least = min(least, key);
    most = max(most, key);
  }
  const bits = min<u32>(12, 33 - clz<u32>(count));
  const last: i32 = (1 << bits) - 1;
  const origin = keyToFloat(least);
  const factor = (last as f32) / (keyToFloat(most) - origin);
  memory.fill(counters, 0, 4 << bits);
  for (let p = start; p < end; p += 8) {
    const bin = min<i32>(last, ((keyToFloat(load<u32>(p, 4)) - origin) * factor) as i32);
    const at = counters + ((bin as usize) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  addresses(counters, 1 << bits, spare);
  for (let p = start; p < end; p += 8) {
    const record = load<u64>(p);
    const bin = min<i32>(last, ((keyToFloat((record >> 32) as u32) - origin) * factor) as i32);
    const at = counters + ((bin as usize) << 2);
    const to = load<u32>(at);
    store<u64>(to, record);
    store<u32>(at, to + 8);
  }
  memory.copy(start, spare, end - start);
  for (let p = start + 8; p < end; p += 8) {
    const record = load<u64>(p);
    if (record >= load<u64>(p - 8) || insert(start, p, record, FAR)) continue;
    sortInPlace(start, spare, counters, count);
    return;
  }
}
