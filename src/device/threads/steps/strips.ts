// What a worker does for an image that is cut into strips: the errors of a strip, their counts, and the gradient of the strip. Everything
// lies in memory that the workers share, see memory/layout.ts. A step may be done twice, where a worker died of it.
import { LovaszError } from "../../../errors.js";
import { KIND } from "../../../losses/method.js";
import { MAX_FLOAT } from "../../../options.js";
import type { StripsTask } from "../protocol.js";
import { coreOf } from "./core.js";

/** The first step: the errors of a strip, and what they lie below. Throws where the loss would refuse a value. */
export function stripErrors(task: StripsTask): void {
  const { memory, kind, offsets } = task.call;
  const { kernels, values, labels, errors, n } = stripOf(task);
  const [least, most] = kind === KIND.probability ? [-1e-5, 1 + 1e-5] : [-MAX_FLOAT, MAX_FLOAT];
  if (kernels.firstOutside_f32(values, labels, n, least, most) >>> 0 < n) throw new LovaszError("nan", "a value out of range");
  kernels.errors_f32(kind, values, labels, n, errors);
  const ranges = new Float64Array(memory.buffer, offsets.ranges, task.strip + 1);
  ranges[task.strip] = kind === KIND.hinge ? kernels.errorRange(errors, n) : 1;
}

/** The second step: the counts of a strip. */
export function stripCounts(task: StripsTask): void {
  const { memory, bins, offsets, tableBytes } = task.call;
  const { kernels, errors, labels, gradient, n } = stripOf(task);
  const table = offsets.tables + task.strip * tableBytes;
  new Uint8Array(memory.buffer, table, tableBytes).fill(0);
  kernels.errorBins_f32(errors, labels, n, bins, task.range, table, gradient);
  kernels.countBins(gradient, n, table);
}

/** The last step: the gradient of a strip, from the derivatives of the bins in the first table. */
export function stripGradient(task: StripsTask): void {
  const { kind, bins, offsets } = task.call;
  const { kernels, errors, labels, gradient, n } = stripOf(task);
  kernels.errorBins_f32(errors, labels, n, bins, task.range, offsets.tables, gradient);
  kernels.gradientOfBins(gradient, 0, n, offsets.tables, offsets.tables);
  if (kind === KIND.sigmoid) kernels.sigmoidBackward_f32(errors, gradient, n);
}

// where the pixels of a strip begin in each array
function stripOf({ call, from, to, workerIndex }: StripsTask) {
  const { offsets } = call;
  return {
    kernels: coreOf(call, workerIndex),
    values: offsets.values + 4 * from,
    labels: offsets.labels + 4 * from,
    errors: offsets.errors + 4 * from,
    gradient: offsets.gradient + 4 * from,
    n: to - from,
  };
}
