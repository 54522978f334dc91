// How eval reads masks: as those that the model was trained on.

import type { Model } from "../../model/model.js";
import { labelOptions } from "../commands/labelOptions.js";
import type { LabelOptions } from "../data/labelling.js";
import { WrongCall } from "../exits.js";
import type { EvalOptions } from "./options.js";

/** How masks are read, and what a person should know of that. */
export interface Reading {
  readonly reading: LabelOptions;
  readonly notes: readonly string[];
}

/** Reads masks like those that the model was trained on; throws `WrongCall` where an option contradicts the training. */
export function asTrained(options: EvalOptions, { classes, ignore, threshold }: Omit<Model, "network">): Reading {
  const asked = labelOptions({ ...options, classes: classes ?? undefined });
  refuseOther("--ignore", asked.ignore, ignore);
  refuseOther("--threshold", asked.threshold, threshold);
  const taken = asked.ignore === null && typeof ignore === "number";
  const reading = { ...asked, ignore: asked.ignore ?? ignore ?? null, trainedThreshold: threshold ?? null };
  const notes = taken ? [`pixels of value ${ignore} are ignored, as in the training of the model`] : [];
  return { reading, notes: [...notes, ...unlike("--ignore", asked.ignore, ignore), ...unlike("--threshold", asked.threshold, threshold)] };
}

// the training had no such option, but these masks may need it
function unlike(option: string, asked: number | null, trained: number | null | undefined): string[] {
  return asked !== null && trained === null ? [`the model was trained without ${option}`] : [];
}

function refuseOther(option: string, asked: number | null, trained: number | null | undefined): void {
  if (asked === null || typeof trained !== "number" || asked === trained) return;
  throw new WrongCall(`${option} ${asked} contradicts the model, which was trained with ${option} ${trained}; leave ${option} out`);
}
