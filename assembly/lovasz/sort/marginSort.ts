// What the sorts of margins share: how the sort under way cuts margins into buckets, and what came of it.

/** See bucketSort.ts. */
// @ts-ignore: decorator
@unmanaged
class MarginSort {
  /** Bits of the second and of the first digit of a bucket. */
  low: u32 = 0;
  high: u32 = 0;
  /** The bucket of a margin is (firstKey - bucketKey) >> bucketShift, `firstKey` being the key of the largest error. */
  firstKey: u32 = 0;
  bucketShift: u32 = 0;
  /** Scratch for as many records, and of COUNTER_BYTES. */
  scratch: usize = 0;
  counters: usize = 0;
  /** How many records were sorted. */
  count: u32 = 0;
  /** How many bits of a sorted record's lower half are above its pixel. */
  packed: u32 = 0;
}

export const sort = changetype<MarginSort>(memory.data(32, 16));
