// The boundary IoU of predictions, over all pictures together.
import { DILATION, nearContours, type Size } from "../metrics/boundary.js";
import { jaccardIndex, noPixels, type Overlap } from "../metrics/overlap.js";
import { IGNORED } from "./ignored.js";
import { mean } from "./score.js";
import type { Task } from "./task.js";

/** Pixels near the contours of a class, in pictures of any size. */
export interface BoundaryCounts {
  readonly intersection: number;
  readonly union: number;
}

/** Compares the contours of predictions with those of the truth, picture by picture, like `Score`. */
export class BoundaryScore {
  readonly #task: Task;
  readonly #counts: Overlap[];

  constructor(task: Task) {
    this.#task = task;
    this.#counts = noPixels(task.classes ?? 2);
  }

  /** Adds a picture's `predictions` and `labels`, one a pixel; how near its contours count follows from its own size. */
  add(predictions: Uint8Array, labels: Uint8Array, size: Size): void {
    const images = [[predictions, labels] as const];
    const kind = { classes: this.#counts.length, ignore: IGNORED };
    nearContours(size, DILATION)({ call: "boundaryIou", kind, images }, images[0], this.#counts);
  }

  /** Of each class over all pictures so far; of background and foreground where there are no classes. */
  counts(): BoundaryCounts[] {
    return this.#counts.map(({ shared, predicted, labelled }) => ({ intersection: shared, union: predicted + labelled - shared }));
  }

  /** Of the foreground, or the mean over the classes that truth or predictions have; 1 where there are none. */
  iou(): number {
    const counted = this.#task.classes === null ? this.#counts.slice(1) : this.#counts;
    return mean(counted.filter(({ predicted, labelled }) => predicted + labelled > 0).map(jaccardIndex));
  }
}
