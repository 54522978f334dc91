// Sorting on a GPU: only of values that every GPU compares as JavaScript does.
import { flatten } from "./job.js";
import { LARGEST_ROW, sortProgram } from "./programs.js";
import type { Session } from "./session.js";

// the least normal number, and the greatest one
const LEAST = 2 ** -126;
const GREATEST = (2 - 2 ** -23) * 2 ** 127;

/** Why a GPU does not sort `values`, or an empty string. */
export function unsortable(values: Float32Array): string {
  if (values.length === 0) return "nothing to sort";
  if (values.length > LARGEST_ROW) return `more than ${LARGEST_ROW} values`;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]);
    if (!(size <= GREATEST)) return "NaN or infinite values";
    if (size < LEAST && size > 0) return "values below the least normal number";
  }
  return "";
}

/** The values in order; equal values keep theirs. Rejects where the result is not a permutation of them, or not in order. */
export async function sortOn(session: Session, values: Float32Array, descending: boolean): Promise<Float32Array> {
  const n = values.length;
  const layout = session.layout(n);
  const { size } = layout;
  session.atOnce(layout, 1, `${n}`);
  const padded = new Float32Array(size).fill(-GREATEST);
  for (let i = 0; i < n; i++) padded[i] = descending ? values[i] : -values[i];
  const [lines] = (await session.run(`sort ${size}`, (gpu) => sortProgram(gpu, layout, 1), [
    session.rows(padded, layout),
  ])) as Float32Array[][];
  const sorted = flatten(lines, new Float32Array(n));
  if (!descending) for (let i = 0; i < n; i++) sorted[i] = -sorted[i];
  checkSorted(values, sorted, descending);
  return sorted;
}

// the sum of bit patterns does not depend on their order
function checkSorted(values: Float32Array, sorted: Float32Array, descending: boolean): void {
  const isOrdered = sorted.every((value, i) => i === 0 || (descending ? sorted[i - 1] >= value : sorted[i - 1] <= value));
  if (!isOrdered || bitSum(values) !== bitSum(sorted)) throw new Error("what should be sorted values is something else");
}

function bitSum(values: Float32Array): number {
  return new Int32Array(values.buffer, values.byteOffset, values.length).reduce((sum, bits) => (sum + bits) | 0, 0);
}
