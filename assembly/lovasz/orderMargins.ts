// Puts records of margins (see sortMargins.ts) in full order that are in that of their cells. A record read as a float64 is ordered as its
// margin is: the margin's bits come first.

import { spread } from "./margins";
import { sortMarginBits } from "./sortMarginBits";

// bytes: a record that belongs further back has its cell looked at
const NEAR: usize = 64;
// more records in a cell are not sorted by insertion
const MANY: u32 = 64;

let top: u32 = 0;
let cell: u32 = 0;
let spare: usize = 0;
let counters: usize = 0;

/**
 * Orders `m` records that lie in the order of their cells: the first `32 - cell_` bits of top_ - spread(margin). `spare_`: room for as
 * many; `counters_`: for COUNTER_BYTES.
 */
export function orderMargins(records: usize, m: u32, top_: u32, cell_: u32, spare_: usize, counters_: usize): void {
  top = top_;
  cell = cell_;
  spare = spare_;
  counters = counters_;
  const stop = records + ((m as usize) << 3);
  let p = records;
  while (p + 40 <= stop) {
    const end = exchange(records, p, stop);
    p = mend(records, end - 32, end, stop);
  }
  mend(records, p, stop, stop);
}

// Exchanges neighbours that are not in order, then those at odd places, four records a turn from `p` on: no branch that chance would
// mispredict. Returns where that ends, by `stop` or as some of the four before it are still amiss.
function exchange(records: usize, p: usize, stop: usize): usize {
  // the second lane: the record in hand, and the one before it
  let inHand = f64x2.splat(load<f64>(p));
  let before = f64x2.splat(p > records ? load<f64>(p - 8) : -Infinity);
  while (p + 40 <= stop) {
    const a = v128.load(p, 8);
    const b = v128.load(p, 24);
    const left = i64x2.shuffle(a, b, 0, 2);
    const right = i64x2.shuffle(a, b, 1, 3);
    const low = f64x2.pmin(left, right);
    const high = f64x2.pmax(left, right);
    const odd = i64x2.shuffle(inHand, high, 1, 2);
    const least = f64x2.pmin(odd, low);
    const most = f64x2.pmax(odd, low);
    v128.store(p, i64x2.shuffle(least, most, 0, 2));
    v128.store(p, i64x2.shuffle(least, most, 1, 3), 16);
    const amiss = f64x2.gt(i64x2.shuffle(before, most, 1, 2), least);
    inHand = high;
    before = most;
    p += 32;
    if (i64x2.bitmask(amiss)) break;
  }
  v128.store64_lane(p, inHand, 1);
  return p;
}

// Puts the records from `p` to `end` in order with those before them, and, where one has a long way to go, all of its cell. Returns where
// records are in order up to.
function mend(records: usize, p: usize, end: usize, stop: usize): usize {
  for (p = max(p, records + 8); p < end; ) {
    const record = load<f64>(p);
    if (record >= load<f64>(p - 8) || insert(records, p, record, NEAR)) p += 8;
    else p = orderCell(records, p, stop);
  }
  return p;
}

// inserts the record at `p` into those before it; false where that would take long, with nothing lost
function insert(records: usize, p: usize, record: f64, far: usize): bool {
  const least = max(records, p - min<usize>(p, far));
  let q = p;
  for (; q > least && load<f64>(q - 8) > record; q -= 8) store<f64>(q, load<f64>(q - 8));
  store<f64>(q, record);
  return q > least || q == records;
}

// sorts the cell of the record at `p`; returns where it ends
function orderCell(records: usize, p: usize, stop: usize): usize {
  const own = cellOf(p);
  let first = p;
  while (first > records && cellOf(first - 8) == own) first -= 8;
  let end = p + 8;
  while (end < stop && cellOf(end) == own) end += 8;
  const count = ((end - first) >> 3) as u32;
  if (count > MANY) sortMarginBits(first, count, spare, counters);
  else for (let q = first + 8; q < end; q += 8) insert(records, q, load<f64>(q), q - first);
  return end;
}

// @ts-ignore: decorator
@inline
function cellOf(record: usize): u32 {
  return (top - spread(load<f32>(record, 4))) >> cell;
}
