// Sums of the counts of summaries (src/sketch), a block at a time.

/**
 * Adds `counts` [n], u32 of negatives and positives by turns, to `sums` [n]; n is a multiple of 4. Also adds the sum of the negatives
 * and that of the positives to `totals`, two u64. No sum may exceed 32 bits.
 */
export function addCounts(counts: usize, n: u32, sums: usize, totals: usize): void {
  const lower = i64x2.splat(0xffffffff);
  let negatives = i64x2.splat(0);
  let positives = i64x2.splat(0);
  for (const end = counts + ((n as usize) << 2); counts < end; counts += 16, sums += 16) {
    const count = v128.load(counts);
    negatives = i64x2.add(negatives, v128.and(count, lower));
    positives = i64x2.add(positives, i64x2.shr_u(count, 32));
    v128.store(sums, i32x4.add(v128.load(sums), count));
  }
  addLanes(totals, negatives);
  addLanes(totals + 8, positives);
}

// @ts-ignore: decorator
@inline
function addLanes(total: usize, sums: v128): void {
  store<u64>(total, load<u64>(total) + i64x2.extract_lane(sums, 0) + i64x2.extract_lane(sums, 1));
}
