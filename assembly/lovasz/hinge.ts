// The Lovász hinge where each pixel weighs 1, its labels bytes: i8, 1, 0 or -1 (void). Errors are not written down but made anew in
// each pass: that takes less time than to carry four bytes a pixel through a cache that cannot hold them.

import { highHalf, lowHalf } from "../inline/lanes";
import { keyToFloat } from "../inline/order";
import { sortInPlace, sortWithin } from "../sort/radix";
import { lossOfRuns, startRuns, weighRun } from "./extension";

const SIGN: i32 = 0x80000000;

// what `surveyMargins` found: how many positives, the least margin of all, the largest of a positive
let positiveCount: u32 = 0;
let leastMargin: f32 = 0;
let mostPositive: f32 = 0;
// the largest below 1, and whether there are some that float64 may not tell apart in 1 - margin
let mostSorted: f32 = 0;
let anyTiny: bool = false;
// larger ones are multiples of 2^-52 as they are
const TINY: f32 = 3.725290298461914e-9;

// the last pixels, fewer than four, filled up with void ones
const tailLogits = memory.data(16, 16);
const tailLabels = memory.data(4, 4);

// of the exact loss: the bits of the largest error, spread; how many last bits of what is left of others no pass sorts by
let top: u32 = 0;
let cell: u32 = 0;
// bits of the two digits
let low: u32 = 0;
let high: u32 = 0;

/**
 * The exact loss and `scale` times the gradient by the logits, to `slopes`, of at most 2^21 pixels; NaN where a logit is, though not void.
 * `records`, `spare`: room for n + 4 u64; `counters`: for COUNTER_BYTES.
 *
 * Records are sorted by the cells of their margins in two passes, the first straight from the logits; then put in order
 * within cells, and weighed four at a time.
 */
export function hinge_f32(
  logits: usize,
  labels: usize,
  n: u32,
  scale: f64,
  slopes: usize,
  records: usize,
  spare: usize,
  counters: usize,
): f64 {
  if (surveyMargins(logits, labels, n, records) > 0x7f800000) return NaN;
  if (anyTiny) roundMargins(records, n);
  memory.fill(slopes, 0, (n as usize) << 2);
  // once all positives are counted as wrong, no pixel weighs anything; where there are none, only the largest error does
  const last = rounded(min(mostSorted, positiveCount > 0 ? mostPositive : leastMargin));
  // some four cells a pixel; what a record has left holds the high digit
  low = max<i32>(4, min<i32>(11, (34 - (clz<u32>(n) as i32)) >> 1));
  high = min<u32>(low, clz<u32>(n) - 1);
  top = spread(leastMargin);
  cell = max<i32>(0, 32 - (clz<u32>(top - spread(last)) as i32) - low - high);
  const upper = counters + (4 << low) + 4;
  const m = countDigits(records, n, last, counters, upper);
  if (m == 0) return 0;
  distribute(records, labels, n, last, counters, spare);
  move(spare, m, upper, records);
  const stop = records + ((m as usize) << 3);
  order(records, stop, spare, counters);
  startRuns(positiveCount as f64, scale, slopes);
  return weigh(records, stop, scale as f32, slopes);
}

// Margins are sorted by the bits of error + 1/4, rounded to float32, which is order enough for cells: small errors, none of which weighs
// much, are spread evenly by what is added, and large ones by their exponent.
// @ts-ignore: decorator
@inline
function spread(margin: f32): u32 {
  return reinterpret<u32>((1 as f32) - margin + (0.25 as f32));
}

// the same of four
// @ts-ignore: decorator
@inline
function spreads(margins: v128): v128 {
  return f32x4.add(f32x4.sub(f32x4.splat(1), margins), f32x4.splat(0.25));
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

// Makes the record of each pixel up to `last` and puts it where its low digit belongs; other pixels go behind them. A record is
//
//   | 63 ... 32: key, ascends with the margin | high digit | pixel | 0: label |
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
    if (insert(start, p, here)) continue;
    store<u64>(p, carried, 8);
    p = orderCell(start, p, stop, spare, counters);
    if (p >= stop) return;
    before = load<u64>(p - 8);
    carried = load<u64>(p);
    p -= 8;
  }
  store<u64>(p, carried);
  if (carried < before && !insert(start, p, carried)) orderCell(start, p, stop, spare, counters);
}

// inserts the record at `p` into those before it; false where that would take long, with nothing lost
function insert(start: usize, p: usize, record: u64): bool {
  const least = max(start, p - min<usize>(p, 256));
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
  const count = ((end - first) >> 3) as u32;
  // keys of a narrow cell have all but a few bits in common
  let differ: u32 = 0;
  for (let q = first; q < end; q += 8) differ |= load<u32>(q, 4) ^ load<u32>(first, 4);
  const bits: u32 = 32 - clz<u32>(differ);
  if (bits <= 12) sortWithin(first, spare, counters, count, bits);
  else sortInPlace(first, spare, counters, count);
  return end;
}

// Four records a turn, where no two tie: their place says how many negatives are above each. D = P + fp and TP are whole numbers,
// exact in float32, and a weight is one quotient: (D + 1) / (D (D + 1)) of a positive, TP / (D (D + 1)) of a negative.
function weigh(records: usize, stop: usize, scale: f32, slopes: usize): f64 {
  let p = records;
  let d = i32x4.splat(positiveCount);
  let rest = i32x4.sub(d, i32x4(0, 1, 2, 3));
  let sum = f64x2.splat(0);
  const factor = f32x4.splat(scale);
  const one = i32x4.splat(1);
  const digit: u32 = u32.MAX_VALUE << (32 - high);
  const pixels = i32x4.splat(~digit & ~1);
  let until = p;
  while (p < stop) {
    if (p + 40 <= stop && p >= until) {
      const a = v128.load(p);
      const b = v128.load(p, 16);
      const key = i32x4.shuffle(a, b, 1, 3, 5, 7);
      const next = i32x4.shuffle(v128.load(p, 8), v128.load(p, 24), 1, 3, 5, 7);
      if (i32x4.all_true(i32x4.ne(key, next))) {
        const mark = i32x4.shuffle(a, b, 0, 2, 4, 6);
        const is = i32x4.eq(v128.and(mark, one), one);
        const negative = i32x4.add(one, is);
        // how many negatives there are up to each
        const pairs = i32x4.add(negative, i32x4.shuffle(i32x4.splat(0), negative, 0, 4, 5, 6));
        const upTo = i32x4.add(pairs, i32x4.shuffle(i32x4.splat(0), pairs, 0, 1, 4, 5));
        const above = i32x4.sub(upTo, negative);
        const wide = f32x4.convert_i32x4_s(i32x4.add(d, above));
        const wider = f32x4.add(wide, f32x4.splat(1));
        const truePositives = f32x4.convert_i32x4_s(i32x4.add(rest, above));
        const weight = f32x4.div(v128.bitselect(wider, truePositives, is), f32x4.mul(wide, wider));
        const margin = v128.xor(key, v128.or(i32x4.shr_s(v128.not(key), 31), i32x4.splat(SIGN)));
        sum = f64x2.add(sum, f64x2.mul(lowHalf(weight), f64x2.sub(f64x2.splat(1), lowHalf(margin))));
        sum = f64x2.add(sum, f64x2.mul(highHalf(weight), f64x2.sub(f64x2.splat(1), highHalf(margin))));
        const slope = f32x4.mul(v128.xor(weight, i32x4.shl(mark, 31)), factor);
        const at = i32x4.shl(v128.and(mark, pixels), 1);
        v128.store_lane<f32>(slopes + (i32x4.extract_lane(at, 0) as usize), slope, 0);
        v128.store_lane<f32>(slopes + (i32x4.extract_lane(at, 1) as usize), slope, 1);
        v128.store_lane<f32>(slopes + (i32x4.extract_lane(at, 2) as usize), slope, 2);
        v128.store_lane<f32>(slopes + (i32x4.extract_lane(at, 3) as usize), slope, 3);
        const all = i32x4.shuffle(upTo, upTo, 3, 3, 3, 3);
        d = i32x4.add(d, all);
        rest = i32x4.add(rest, i32x4.sub(all, i32x4.splat(4)));
        p += 32;
        continue;
      }
      until = p + 32;
    }
    const run = load<u32>(p, 4);
    let end = p + 8;
    let positives: i32 = load<u32>(p) & 1;
    for (; end < stop && load<u32>(end, 4) == run; end += 8) positives += load<u32>(end) & 1;
    for (let q = p; q < end; q += 8) store<u32>(q, load<u32>(q) & ~digit);
    const fp = i32x4.extract_lane(d, 0) - positiveCount;
    const fn = positiveCount - i32x4.extract_lane(rest, 0);
    weighRun(p, end, 1 - (keyToFloat(run) as f64), fp as f64, fn as f64);
    const negatives = (((end - p) >> 3) as i32) - positives;
    d = i32x4.add(d, i32x4.splat(negatives));
    rest = i32x4.sub(rest, i32x4.splat(positives));
    p = end;
  }
  return lossOfRuns() + f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

// Looks through the pixels, and writes the margin of each, infinity where void, and of a few void ones behind the last. Returns the
// largest of the logits that are not void without their sign, as bits: beyond those of infinity where there is NaN.
function surveyMargins(logits: usize, labels: usize, n: u32, margins: usize): u32 {
  positiveCount = 0;
  leastMargin = Infinity;
  mostPositive = -Infinity;
  mostSorted = -Infinity;
  anyTiny = false;
  const whole = n & ~3;
  const size = surveyFours(logits, labels, whole, margins);
  return whole == n ? size : max(size, surveyFours(tailLogits, copyTail(logits, labels, n), 4, margins + ((whole as usize) << 2)));
}

// calls within such a loop would cost it half its speed
// @ts-ignore: decorator
@inline
function surveyFours(logits: usize, labels: usize, n: u32, margins: usize): u32 {
  let size = i32x4.splat(0);
  let count = i32x4.splat(0);
  let least = f32x4.splat(Infinity);
  let positive = f32x4.splat(-Infinity);
  let sorted = positive;
  let tiny = i32x4.splat(0);
  for (let i: u32 = 0; i < n; i += 4, logits += 16, labels += 4) {
    const logit = v128.load(logits);
    const label = readBytes(labels);
    const kept = i32x4.ge_s(label, i32x4.splat(0));
    const margin = v128.bitselect(marginOf(logit, label), f32x4.splat(Infinity), kept);
    v128.store(margins + ((i as usize) << 2), margin);
    const is = i32x4.gt_s(label, i32x4.splat(0));
    const absolute = v128.and(logit, i32x4.splat(0x7fffffff));
    tiny = v128.or(tiny, i32x4.lt_s(absolute, i32x4.splat(reinterpret<i32>(TINY))));
    size = i32x4.max_s(size, v128.and(absolute, kept));
    count = i32x4.sub(count, is);
    least = f32x4.pmin(least, margin);
    positive = f32x4.pmax(positive, v128.bitselect(margin, f32x4.splat(-Infinity), is));
    sorted = f32x4.pmax(sorted, v128.bitselect(margin, f32x4.splat(-Infinity), f32x4.lt(margin, f32x4.splat(1))));
  }
  positiveCount += sumOf(count);
  leastMargin = min(leastMargin, -largestOf(f32x4.neg(least)));
  mostPositive = max(mostPositive, largestOf(positive));
  mostSorted = max(mostSorted, largestOf(sorted));
  anyTiny = anyTiny || v128.any_true(tiny);
  return largestBits(size);
}

// makes margins equal that leave equal errors in float64
function roundMargins(margins: usize, n: u32): void {
  for (const end = margins + ((n as usize) << 2); margins < end; margins += 4) store<f32>(margins, rounded(load<f32>(margins)));
}

// @ts-ignore: decorator
@inline
function rounded(margin: f32): f32 {
  return margin < 1 ? ((1 - (1 - (margin as f64))) as f32) : margin;
}

// the last pixels of `n`; returns where their labels are
function copyTail(logits: usize, labels: usize, n: u32): usize {
  const rest = (n & 3) as usize;
  const whole = (n as usize) - rest;
  store<i32>(tailLabels, -1);
  memory.copy(tailLogits, logits + (whole << 2), rest << 2);
  memory.copy(tailLabels, labels + whole, rest);
  return tailLabels;
}

// @ts-ignore: decorator
@inline
function count(counter: usize): void {
  store<u32>(counter, load<u32>(counter) + 1);
}

// the logit of a positive, minus the logit of a negative
// @ts-ignore: decorator
@inline
function marginOf(logit: v128, label: v128): v128 {
  return v128.xor(logit, v128.and(i32x4.eq(label, i32x4.splat(0)), i32x4.splat(SIGN)));
}

// four labels as i32
// @ts-ignore: decorator
@inline
function readBytes(labels: usize): v128 {
  return i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(v128.load32_zero(labels)));
}

function largestBits(v: v128): u32 {
  const pairs = i32x4.max_u(v, i32x4.shuffle(v, v, 2, 3, 0, 1));
  return max<u32>(i32x4.extract_lane(pairs, 0), i32x4.extract_lane(pairs, 1));
}

function largestOf(v: v128): f32 {
  return max(
    max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}

function sumOf(v: v128): u32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
}
