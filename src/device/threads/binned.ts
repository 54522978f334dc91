// What a worker does for a histogram that several count together, each a strip of the pixels, in memory that they share.
import { LovaszError } from "../../errors.js";
import { KIND } from "../../losses/method.js";
import { coreOn } from "./core.js";
import type { BinsTask } from "./protocol.js";

const MAX_FLOAT = (2 - 2 ** -23) * 2 ** 127;

/** The first step: the errors of a strip, and what they lie below. Throws where a value is none that the loss can work with. */
export function binErrors({ call, strip, from, to, seat }: BinsTask): void {
  const { memory, kind, places } = call;
  const kernels = coreOn(memory, seat);
  const [values, labels, errors, n] = [places.values + 4 * from, places.labels + 4 * from, places.errors + 4 * from, to - from];
  const isProbability = kind === KIND.probability;
  const [least, most] = isProbability ? [-1e-5, 1 + 1e-5] : [-MAX_FLOAT, MAX_FLOAT];
  if (kernels.firstOutside_f32(values, labels, 1, 1, n, least, most) >>> 0 < n) throw new LovaszError("nan", "a value out of range");
  kernels.errors_f32(kind, values, labels, n, errors);
  new Float64Array(memory.buffer, places.ranges, strip + 1)[strip] = kind === KIND.hinge ? kernels.errorRange(errors, n) : 1;
}

/** The second step: the counts of a strip, all errors being below `range`. */
export function binCounts({ call, strip, from, to, range, seat }: BinsTask): void {
  const { memory, bins, places } = call;
  const table = places.tables + strip * places.tableBytes;
  new Uint8Array(memory.buffer, table, places.tableBytes).fill(0);
  const kernels = coreOn(memory, seat);
  const [errors, labels, slopes, n] = [places.errors + 4 * from, places.labels + 4 * from, places.slopes + 4 * from, to - from];
  kernels.errorPlaces_f32(errors, labels, n, bins, range, table, slopes);
  kernels.countPlaces(slopes, n, table);
}

/** The last step: the slopes of a strip, from those of the bins, which lie in the first table. */
export function binSlopes({ call, from, to, range, seat }: BinsTask): void {
  const { memory, kind, bins, places } = call;
  const kernels = coreOn(memory, seat);
  const [errors, labels, slopes, n] = [places.errors + 4 * from, places.labels + 4 * from, places.slopes + 4 * from, to - from];
  kernels.errorPlaces_f32(errors, labels, n, bins, range, places.tables, slopes);
  kernels.slopesOfPlaces(slopes, 0, n, places.tables, places.tables);
  if (kind === KIND.sigmoid) kernels.sigmoidSlopes_f32(errors, slopes, n);
}
