// A call of lovaszSoftmax for a GPU: its arguments, read, and how they move between the order of the input and rows. A row is one class
// of one group of images.
import type { Labels } from "../../losses/labels.js";
import { classFactors, countClasses } from "../../losses/lovaszClasses.js";
import { refuseInfinite } from "../../losses/range.js";
import { readSoftmax } from "../../losses/softmaxArguments.js";
import { viewI32 } from "../../wasm/memory.js";
import type { Options } from "./job.js";
import type { Layout } from "./programs.js";

/** A call in the order [images, classes, pixels]. Images of a group share a loss for each class. */
export interface Task {
  values: Float32Array;
  /** [images, pixels], -1 where ignored. */
  labels: Int32Array;
  images: number;
  classes: number;
  pixels: number;
  groupSize: number;
  fromLogits: boolean;
  /** Whether the classes come last in the input. */
  last: boolean;
  /** [groups, classes]: how many pixels a class has, and the factor on its loss. */
  counts: Float32Array;
  factors: Float32Array;
}

/** The call, its arguments checked. To be called within `tidy`. */
export function readTask(input: Float32Array, labels: Labels, options: Options): Task {
  const { at, classOf, fromLogits, settings } = readSoftmax(input, labels, options);
  const { x, images, classes, pixels, last } = at;
  if (fromLogits) refuseInfinite("lovaszSoftmax", x, classOf, { images, classes, pixels });
  const truth = viewI32(classOf.pointer, images * pixels).slice();
  const { groupSize } = settings;
  const groups = Array.from({ length: images / groupSize }, (_, group) =>
    countClasses(classOf.pointer + 4 * group * groupSize * pixels, groupSize * pixels, classes),
  );
  const counts = Float32Array.from(groups.flatMap((counts) => [...counts]));
  const factors = Float32Array.from(groups.flatMap((counts) => classFactors(settings, counts)));
  return { values: x.data.slice(), labels: truth, images, classes, pixels, groupSize, fromLogits, last, counts, factors };
}

/** Groups `first` to `first + count` of a task, in a program for `groups` of them. */
export interface Batch {
  layout: Layout;
  first: number;
  count: number;
  groups: number;
}

/** Calls `use` for each class and image of a batch: where its pixels begin in the input, its row, and where they begin in the row. */
export function eachBlock(
  { classes, pixels, groupSize }: Task,
  { first, count }: Batch,
  use: (from: number, row: number, at: number) => void,
) {
  for (let group = 0; group < count; group++) {
    for (let k = 0; k < groupSize; k++) {
      const image = (first + group) * groupSize + k;
      for (let c = 0; c < classes; c++) use((image * classes + c) * pixels, group * classes + c, k * pixels);
    }
  }
}

/** Copies the gradient of each row of the batch, `gradientOf(row)`, to `grad` [images, classes, pixels]. */
export function takeGradient(task: Task, batch: Batch, gradientOf: (row: number) => Float32Array, grad: Float32Array): void {
  const { classes, pixels, groupSize } = task;
  for (let row = 0; row < batch.count * classes; row++) {
    const gradient = gradientOf(row);
    const image = (batch.first + Math.floor(row / classes)) * groupSize;
    for (let k = 0; k < groupSize; k++) {
      grad.set(gradient.subarray(k * pixels, (k + 1) * pixels), ((image + k) * classes + (row % classes)) * pixels);
    }
  }
}
