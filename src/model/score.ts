// Scores of predictions: the three numbers of tables, metrics.json and `lovasz eval`.
import { confusionMatrix } from "../metrics/confusionMatrix.js";
import { classIoU } from "./classIoU.js";
import { IGNORED } from "./ignored.js";
import type { Task } from "./task.js";

/** Fractions from 0 to 1. */
export interface Scores {
  /** Intersection over union of the pixels of all pictures together; the mean over the classes, where there are several. */
  iou: number;
  /** The mean of the IoU of each picture, which is 1 where neither truth nor prediction has foreground. */
  meanImageIoU: number;
  /** Twice the intersection over the sum of both sizes, over all pictures like `iou`. */
  dice: number;
}

/** Compares predictions with the truth, picture by picture, so that only one has to be in memory. */
export class Score {
  readonly #task: Task;
  readonly #count: number;
  readonly #all: number[][];
  readonly #imageIoUs: number[] = [];

  constructor(task: Task) {
    this.#task = task;
    this.#count = task.classes ?? 2;
    this.#all = Array.from({ length: this.#count }, () => new Array<number>(this.#count).fill(0));
  }

  /** Adds a picture's `predictions` and `labels`, one a pixel. */
  add(predictions: Uint8Array, labels: Uint8Array): void {
    const matrix = confusionMatrix(predictions, labels, this.#count, { ignore: IGNORED });
    for (const [i, row] of matrix.entries()) for (const [j, count] of row.entries()) this.#all[i][j] += count;
    this.#imageIoUs.push(mean(this.#task.ious(matrix)));
  }

  /** The IoU of each picture so far; with several classes, the mean over those present. */
  get imageIoUs(): readonly number[] {
    return this.#imageIoUs;
  }

  /**
   * The IoU of each class over all pictures so far, of background and foreground where there are no classes; null where neither truth nor
   * prediction has the class.
   */
  classIoUs(): (number | null)[] {
    return this.#all.map((_, one) => classIoU(this.#all, one));
  }

  /** How many pixels of each class (row) were predicted as each class (column), over all pictures so far. */
  get confusion(): readonly (readonly number[])[] {
    return this.#all;
  }

  /** The scores of all pictures so far. */
  scores(): Scores {
    const ious = this.#task.ious(this.#all);
    return { iou: mean(ious), meanImageIoU: mean(this.#imageIoUs), dice: mean(ious.map(diceOf)) };
  }
}

/** The Dice coefficient, 2I / (I + U), of what has this `iou`, I / U. */
export function diceOf(iou: number): number {
  return (2 * iou) / (1 + iou);
}

/** The mean of `numbers`; 1 if there are none, like the IoU of a picture whose every pixel is ignored. */
export function mean(numbers: readonly number[]): number {
  return numbers.length === 0 ? 1 : numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
}
