// A call of lovaszSoftmax as a GPU takes it: read, and moved between the order of the input and rows, one for each class of a group of images.
import type { Labels } from "../../losses/labels.js";
import { classFactors, countClasses } from "../../losses/lovaszClasses.js";
import { refuseInfinite } from "../../losses/range.js";
import { readSoftmax } from "../../losses/softmaxArguments.js";
import { transpose } from "../../ops/transpose.js";
import { tidy } from "../../tensor/scope.js";
import { tensor } from "../../tensor/tensor.js";
import { viewI32 } from "../../wasm/memory.js";
import type { Options } from "./job.js";
import type { Layout } from "./programs.js";

/** A call in the order [images, classes, pixels]. Images of a group share a loss for each class. */
export interface Task {
  values: Float32Array;
  /** [images, pixels], -1 void. */
  labels: Int32Array;
  images: number;
  classes: number;
  pixels: number;
  groupSize: number;
  fromLogits: boolean;
  /** Whether the classes come last in the input. */
  last: boolean;
  /** [groups, classes]: how many pixels, and what the loss counts in the result. */
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
export interface Part {
  layout: Layout;
  first: number;
  count: number;
  groups: number;
}

/** Calls `use` with where the pixels of each class and image of a part begin in the input, their row, and where in that. */
export function eachBlock(
  { classes, pixels, groupSize }: Task,
  { first, count }: Part,
  use: (from: number, row: number, at: number) => void,
) {
  for (let group = 0; group < count; group++) {
    for (let k = 0; k < groupSize; k++) {
      const image = (first + group) * groupSize + k;
      for (let c = 0; c < classes; c++) use((image * classes + c) * pixels, group * classes + c, k * pixels);
    }
  }
}

/** The slopes of each row of the part, `slopesOf(row)`, to their place in `grad` [images, classes, pixels]. */
export function takeGradient(task: Task, part: Part, slopesOf: (row: number) => Float32Array, grad: Float32Array): void {
  const { classes, pixels, groupSize } = task;
  for (let row = 0; row < part.count * classes; row++) {
    const slopes = slopesOf(row);
    const image = (part.first + Math.floor(row / classes)) * groupSize;
    for (let k = 0; k < groupSize; k++) {
      grad.set(slopes.subarray(k * pixels, (k + 1) * pixels), ((image + k) * classes + (row % classes)) * pixels);
    }
  }
}

/** `grad`, [images, classes, pixels], as [images, pixels, classes]. */
export function toLast(grad: Float32Array, { images, classes, pixels }: Task): Float32Array {
  return tidy(() => transpose(tensor(grad, [images, classes, pixels]), [0, 2, 1]).data.slice());
}
