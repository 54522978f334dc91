// Whether margins crowd in few cells of a sort, as a sample of them has it.

import { bucketKey } from "../errors/margins";

// one bucketShift of each hash that was seen in the sample
const TABLE: usize = 1 << 13;
// multiplied by it, a number's first bits depend on all of it: 2^32 divided by the golden ratio
const SCATTER: u32 = 0x9e3779b1;
const FEWEST: u32 = 1 << 9;

/**
 * Whether many of the margins up to `most` share cells, (firstKey - bucketKey) >> bucketShift, in a way that those of other images of `n` pixels do not:
 * of a sample, more than one in 32. `table`: room for COUNTER_BYTES.
 */
export function isClustered(margins: usize, n: u32, most: f32, firstKey: u32, bucketShift: u32, table: usize): bool {
  if (n < FEWEST) return false;
  memory.fill(table, 0xff, TABLE << 2);
  const step: usize = n < 1 << 16 ? 64 : 256;
  let seen: u32 = 0;
  let again: u32 = 0;
  for (const end = margins + ((n as usize) << 2); margins < end; margins += step) {
    const margin = load<f32>(margins);
    if (margin > most) continue;
    seen++;
    const own = (firstKey - bucketKey(margin)) >> bucketShift;
    const at = table + ((((own * SCATTER) >> 19) as usize) << 2);
    again += (load<u32>(at) == own) as u32;
    store<u32>(at, own);
  }
  return again > seen >> 5;
}
