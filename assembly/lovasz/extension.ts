// The Lovász extension at errors given by their keys: range scan, records, sort, scan. All exact losses but the plain hinge end here.

import { scanKeys } from "./scan/scanKeys";
import { gather, scanKeyRange } from "./sort/gather";
import { sortKeys } from "./sort/sortKeys";
import { Task } from "./task";

/**
 * The extension of the task's pixels at the keys that begin at `keys`, `stride` bytes from image to image. Writes to `task.gradient`, for
 * every pixel, `task.scale` times the derivative of the extension by the value that its error came from.
 */
// @ts-ignore: decorator
@inline
export function extension(kind: i32, task: Task, keys: usize, stride: usize): f64 {
  memory.fill(task.gradient, 0, ((task.images * task.pixels) as usize) << 2);
  scanKeyRange(task, keys, stride);
  const n = gather(task, keys, stride);
  if (n == 0) return 0;
  const sorted = sortKeys(task, n);
  return scanKeys(kind, task, sorted, sorted + ((n as usize) << 3));
}
