// The struct that the exact Lovász kernels take: assembly/lovasz/task.ts lays it out and says what each field is.
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { dataView } from "../wasm/memory.js";
import { type Layout, layout, writeStruct } from "../wasm/struct.js";

/** Fields by name; pointers into the memory that holds the struct. */
export interface Task {
  values: number;
  labels: number;
  weights: number;
  gradient: number;
  target: number;
  keys: number;
  otherSums: number;
  argmax: number;
  probabilities: number;
  logitGradient: number;
  table: number;
  images: number;
  classes: number;
  pixels: number;
  plane: number;
  positive: number;
  bins: number;
  stride: number;
  alpha: number;
  beta: number;
  scale: number;
}

const INTEGERS = {
  values: kernels.TASK_VALUES,
  labels: kernels.TASK_LABELS,
  weights: kernels.TASK_WEIGHTS,
  gradient: kernels.TASK_GRADIENT,
  target: kernels.TASK_TARGET,
  keys: kernels.TASK_KEYS,
  otherSums: kernels.TASK_OTHER_SUMS,
  argmax: kernels.TASK_ARGMAX,
  probabilities: kernels.TASK_PROBABILITIES,
  logitGradient: kernels.TASK_LOGIT_GRADIENT,
  table: kernels.TASK_TABLE,
  images: kernels.TASK_IMAGES,
  classes: kernels.TASK_CLASSES,
  pixels: kernels.TASK_PIXELS,
  plane: kernels.TASK_PLANE,
  positive: kernels.TASK_POSITIVE,
  bins: kernels.TASK_BINS,
  stride: kernels.TASK_STRIDE,
};

const FLOATS = { alpha: kernels.TASK_ALPHA, beta: kernels.TASK_BETA, scale: kernels.TASK_SCALE };

// what a task has where nothing else is said: no pointers, one image of one class, Jaccard
const LAYOUT: Layout<keyof Task> = layout(INTEGERS, FLOATS, { images: 1, classes: 1, positive: 1, alpha: 1, beta: 1, scale: 1 });

/** How many bytes the struct takes. */
export const TASK_BYTES = kernels.TASK_BYTES.value;

/** Writes a task to `pointer` in the memory behind `view`. */
export function writeTask(view: DataView, pointer: number, fields: Partial<Task>): void {
  writeStruct(view, pointer, LAYOUT, fields);
}

/** A function that writes task number `i` of `count`, and returns its pointer. To be called within `tidy`. */
export function taskWriter(count: number): (i: number, fields: Partial<Task>) => number {
  const { pointer } = Tensor.empty([count, TASK_BYTES / 4]);
  return (i, fields) => {
    const at = pointer + i * TASK_BYTES;
    writeTask(dataView(), at, fields);
    return at;
  };
}
