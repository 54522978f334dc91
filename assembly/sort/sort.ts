import { ascendingKey } from "../inline/order";
import { sortRecords } from "./radix";

/**
 * Sorts `n` float32: values to `out`, and to `index` (u32) where each stood. Equal values keep their order; -0 equals 0; NaN is greater
 * than every number. `records`, `scratch`: n u64; `counters`: COUNTER_BYTES.
 */
export function sort_f32(
  values: usize,
  out: usize,
  index: usize,
  n: u32,
  descending: bool,
  records: usize,
  scratch: usize,
  counters: usize,
): void {
  const flip: u32 = descending ? u32.MAX_VALUE : 0;
  for (let i: u32 = 0; i < n; i++) {
    const key = ascendingKey(load<f32>(values + ((i as usize) << 2))) ^ flip;
    store<u64>(records + ((i as usize) << 3), ((key as u64) << 32) | (i as u64));
  }
  const sorted = sortRecords(records, scratch, counters, n);
  for (let i: u32 = 0; i < n; i++) {
    const from = load<u32>(sorted + ((i as usize) << 3));
    store<u32>(index + ((i as usize) << 2), from);
    store<f32>(out + ((i as usize) << 2), load<f32>(values + ((from as usize) << 2)));
  }
}
