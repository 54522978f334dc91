// What a run of `lovasz train` is about and comes to, as its parts hand it on.
import type { Sample } from "../data/sample.js";
import type { Recipe, Training } from "../model/train.js";

/** The pictures of a run. */
export interface Data {
  readonly training: readonly Sample[];
  readonly validation: readonly Sample[];
  /** Where they come from, for people. */
  readonly source: string;
}

/** What a run comes to. */
export interface Run {
  readonly recipe: Recipe;
  readonly data: Data;
  readonly trainings: readonly Training[];
  readonly interrupted: boolean;
}
