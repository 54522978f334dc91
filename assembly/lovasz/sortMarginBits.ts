// Sorts records of margins (see sortMargins.ts) by all bits of the margin, however these are spread.

import { ascendingKey, keyToFloat } from "../inline/order";
import { sortRecords } from "../sort/radix";

/** Sorts the records of all margins up to `most`, to `records`; returns how many there are. Its arguments are those of sortMargins. */
export function sortAllMargins(margins: usize, labels: usize, n: u32, most: f32, records: usize, spare: usize, counters: usize): u32 {
  let p = spare;
  for (let i: usize = 0, bytes = (n as usize) << 2; i < bytes; i += 4) {
    const margin = load<f32>(margins + i);
    store<u32>(p, ascendingKey(margin), 4);
    store<u32>(p, (i as u32) | load<u8>(labels + (i >> 2)));
    p += (margin <= most) as usize << 3;
  }
  const m = ((p - spare) >> 3) as u32;
  readMargins(sortRecords(spare, records, counters, m), m, records);
  return m;
}

/** Sorts `count` records, in place. `spare`: room for as many; `counters`: for COUNTER_BYTES. */
export function sortMarginBits(records: usize, count: u32, spare: usize, counters: usize): void {
  for (let p = records, end = records + ((count as usize) << 3); p < end; p += 8) store<u32>(p, ascendingKey(load<f32>(p, 4)), 4);
  readMargins(sortRecords(records, spare, counters, count), count, records);
}

// writes sorted records to `to`, their keys as margins again
function readMargins(from: usize, count: u32, to: usize): void {
  for (const end = from + ((count as usize) << 3); from < end; from += 8, to += 8) {
    const record = load<u64>(from);
    store<u32>(to, record as u32);
    store<f32>(to, keyToFloat((record >> 32) as u32), 4);
  }
}
