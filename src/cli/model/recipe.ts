// How networks are trained, the same for every loss.
import type { Augmentation } from "../../model/augment.js";
import type { Task } from "../../model/task.js";
import type { Architecture } from "./architecture.js";

/** What every loss of a run has in common. */
export interface Recipe {
  readonly task: Task;
  readonly architecture: Architecture;
  readonly epochs: number;
  /** Pictures a step. */
  readonly batch: number;
  /** Learning rate at the start; it falls to 0 by `schedule`. */
  readonly lr: number;
  readonly schedule: "cosine" | "poly";
  readonly optimizer: "adam" | "adamw" | "sgd";
  readonly augment: Augmentation;
  /** The largest norm of all gradients together; null for any. */
  readonly clip: number | null;
  /** The decay of the moving average of the weights; null for none. */
  readonly ema: number | null;
  /** In so many epochs at the start, losses with Lovász terms are trained by their other terms. */
  readonly lossWarmup: number;
  /** The weights of the classes; null where all weigh the same. */
  readonly classWeights: readonly number[] | null;
  /** A training ends after so many epochs without a better validation IoU; null if it never does. */
  readonly patience: number | null;
  /** The first seed. */
  readonly seed: number;
  /** How many seeds each loss is trained with. */
  readonly seeds: number;
}
