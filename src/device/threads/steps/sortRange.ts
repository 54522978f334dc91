import { sort } from "../../local.js";
import type { SortTask } from "../protocol.js";

// how many values the bounds are taken from
const SAMPLE = 4096;

/** The values of one range out of several, sorted. Each worker takes the bounds of the ranges from the same sample. */
export function sortRange({ values, descending, range, ranges }: SortTask): Float32Array {
  const step = Math.max(1, Math.floor(values.length / SAMPLE));
  const sample = Float32Array.from({ length: Math.ceil(values.length / step) }, (_, i) => values[i * step]).sort();
  const ascending = descending ? ranges - 1 - range : range;
  const [low, high] = [ascending, ascending + 1].map((k) => sample[Math.floor((k * sample.length) / ranges)]);
  // NaN is greater than every number
  const reaches = (value: number, bound: number) => value >= bound || Number.isNaN(value);
  const own = new Float32Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (ascending > 0 && !reaches(value, low)) continue;
    if (ascending < ranges - 1 && reaches(value, high)) continue;
    own[count++] = value;
  }
  return sort(own.subarray(0, count), descending);
}
