// Puts records of margins (see sortMargins.ts) in full order that are in that of their cells. A record read as a float64 is ordered as its
// margin is: the margin's bits come first.

import { insertAll, orderCells } from "../sort/orderCells";
import { spread } from "./margins";
import { sortMarginBits } from "./sortMarginBits";

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
  orderCells(records, records + ((m as usize) << 3), orderCell);
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
  else insertAll(first, end);
  return end;
}

// @ts-ignore: decorator
@inline
function cellOf(record: usize): u32 {
  return (top - spread(load<f32>(record, 4))) >> cell;
}
