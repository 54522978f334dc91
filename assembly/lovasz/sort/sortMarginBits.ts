// Sorts records of margins (marginRecord.ts) by all bits of the margin, so that its cost does not depend on how margins are distributed.

import { ascendingKey, keyToFloat } from "../../inline/order";
import { sortRecords } from "../../sort/radix";

/** Sorts `count` records in place. `scratch`: as many; `counters`: COUNTER_BYTES. */
export function sortMarginBits(records: usize, count: u32, scratch: usize, counters: usize): void {
  const bytes = (count as usize) << 3;
  for (let p = records; p < records + bytes; p += 8) store<u32>(p, ascendingKey(load<f32>(p, 4)), 4);
  const sorted = sortRecords(records, scratch, counters, count);
  for (let i: usize = 0; i < bytes; i += 8) {
    const record = load<u64>(sorted + i);
    store<u32>(records + i, record as u32);
    store<f32>(records + i, keyToFloat((record >> 32) as u32), 4);
  }
}
