// The data and the results of a run of `lovasz train`.
import type { DeviceName, LovaszError } from "../../index.js";
import type { Picture } from "../data/picture.js";
import type { Sample } from "../data/sample.js";
import type { Training } from "../model/course.js";
import type { Recipe } from "../model/recipe.js";

/** The pictures of a run. */
export interface Data {
  readonly training: readonly Picture[];
  readonly validation: readonly Picture[];
  /** Where they come from, in words. */
  readonly source: string;
  /** The mask value of ignored pixels, or several, and the smallest of foreground; null where none was given. */
  readonly ignore: number | readonly number[] | null;
  readonly threshold: number | null;
  /** The names of the classes, where a file of colours gives them. */
  readonly classNames: readonly string[] | null;
  /** Doubts about the files, a sentence each. */
  readonly doubts: readonly string[];
}

/** A validation picture, and for each loss the labels and the IoU there, by its best training. */
export interface Example {
  readonly sample: Sample;
  readonly predictions: readonly Uint8Array[];
  readonly ious: readonly number[];
}

/** What one loss learned: a training for each seed, in the order of the seeds. */
export interface Outcome {
  readonly loss: string;
  readonly trainings: readonly Training[];
}

/** A training that diverged in its first epoch. */
export interface Failure {
  readonly loss: string;
  readonly seed: number;
  readonly error: LovaszError;
}

/** A finished run. */
export interface Run {
  readonly recipe: Recipe;
  readonly data: Data;
  readonly outcomes: readonly Outcome[];
  /** What is missing in `outcomes`. */
  readonly failures: readonly Failure[];
  readonly interrupted: boolean;
  /** The model of --from, and the device of the losses. */
  readonly from: string | null;
  readonly device: DeviceName;
  /** Validation pictures for the report. */
  readonly examples: readonly Example[];
}
