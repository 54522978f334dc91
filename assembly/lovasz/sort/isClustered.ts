// Whether margins are clustered: whether too many of them would share a bucket, judged by a sample.

import { bucketKey } from "../errors/margins";

// the last bucket of each hash that the sample has shown
const TABLE: usize = 1 << 13;
// multiplied by it (2^32 divided by the golden ratio), a number's first bits depend on all of its bits
const HASH: u32 = 0x9e3779b1;
const FEWEST: u32 = 1 << 9;

/**
 * Whether, of a sample of the margins up to `most`, more than one in 32 finds a margin of its own bucket, as margins of ordinary
 * images of `n` pixels do not. The bucket of a margin is (firstKey - bucketKey) >> bucketShift. `table`: scratch of COUNTER_BYTES.
 */
export function isClustered(margins: usize, n: u32, most: f32, firstKey: u32, bucketShift: u32, table: usize): bool {
  if (n < FEWEST) return false;
  memory.fill(table, 0xff, TABLE << 2);
  const step: usize = n < 1 << 16 ? 64 : 256;
  let sampled: u32 = 0;
  let shared: u32 = 0;
  for (const end = margins + ((n as usize) << 2); margins < end; margins += step) {
    const margin = load<f32>(margins);
    if (margin > most) continue;
    sampled++;
    const bucket = (firstKey - bucketKey(margin)) >> bucketShift;
    const at = table + ((((bucket * HASH) >> 19) as usize) << 2);
    shared += (load<u32>(at) == bucket) as u32;
    store<u32>(at, bucket);
  }
  return shared > sampled >> 5;
}
