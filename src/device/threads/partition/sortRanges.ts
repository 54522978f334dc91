import { allSettled } from "../pool/allSettled.js";
import type { Pool } from "../pool/Pool.js";

/** `values` in order: each worker sorts those that lie in one range. Not a partition, as it is no loss. */
export async function sortRanges(values: Float32Array, descending: boolean, pool: Pool): Promise<Float32Array> {
  const { size: ranges } = pool;
  const tasks = Array.from({ length: ranges }, (_, range) => pool.run({ kind: "sort", values, descending, range, ranges }, range));
  const sorted = new Float32Array(values.length);
  let at = 0;
  for (const { array } of await allSettled(tasks)) {
    sorted.set(array as Float32Array, at);
    at += (array as Float32Array).length;
  }
  return sorted;
}
