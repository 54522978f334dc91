// Scratch memory for the sorts inside the losses.
import { COUNTER_BYTES } from "../ops/sort.js";
import { Tensor } from "../tensor/tensor.js";

/** Pointers to memory for `n + 4` records, for a second copy of them, and for the counters of a sort. Call it within `tidy`. */
export function workspace(n: number): { records: number; scratch: number; counters: number } {
  const [records, scratch, counters] = [2 * n + 8, 2 * n + 8, COUNTER_BYTES / 4].map((size) => Tensor.empty([size]).pointer);
  return { records, scratch, counters };
}
