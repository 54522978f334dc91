// How eval reads masks: as those that the model was trained on.

import { ignoredValues, type Model } from "../../model/model.js";
import { labelOptions } from "../commands/labelOptions.js";
import type { LabelOptions } from "../data/labelling.js";
import { listed } from "../data/valuesInWords.js";
import { WrongCall } from "../exits.js";
import type { EvalOptions } from "./options.js";

/** How masks are read, and what a person should know of that. */
export interface Reading {
  readonly reading: LabelOptions;
  readonly notes: readonly string[];
}

/** Reads masks like those that the model was trained on; throws `WrongCall` where an option contradicts the training. */
export function asTrained(options: EvalOptions, { classes, ignore, threshold }: Omit<Model, "network">): Reading {
  // the file of --colours says how many classes there are, as the model does
  const asked = labelOptions({ ...options, classes: options.colours === undefined ? (classes ?? undefined) : undefined });
  if (asked.colours) refuseOtherClasses(asked, classes);
  const trained = ignoredValues(ignore);
  refuseOther("--ignore", asked.ignore, trained);
  refuseOther("--threshold", listOf(asked.threshold), listOf(threshold));
  // the training read colours of masks, or the values of other masks
  const taken = asked.ignore.length === 0 && !asked.colours ? trained : [];
  const reading = { ...asked, ignore: [...asked.ignore, ...taken], trainedThreshold: threshold ?? null };
  const which = `${taken.length > 1 ? "values" : "value"} ${listed(taken.map(String))}`;
  const notes = taken.length > 0 ? [`pixels of ${which} are ignored, as in the training of the model`] : [];
  const isNew = [asked.ignore.length > 0 && ignore === null && "--ignore", asked.threshold !== null && threshold === null && "--threshold"];
  // the training had no such option, but these masks may need it
  return { reading, notes: [...notes, ...isNew.filter(Boolean).map((option) => `the model was trained without ${option}`)] };
}

const listOf = (value: number | null | undefined) => (typeof value === "number" ? [value] : []);

function refuseOther(option: string, asked: readonly number[], trained: readonly number[]): void {
  const isSame = asked.length === trained.length && asked.every((value) => trained.includes(value));
  if (asked.length === 0 || trained.length === 0 || isSame) return;
  const as = `which was trained with ${option} ${trained.join(",")}`;
  throw new WrongCall(`${option} ${asked.join(",")} contradicts the model, ${as}; leave ${option} out`);
}

function refuseOtherClasses({ colours, classes }: LabelOptions, trained: number | null): void {
  if (classes === trained) return;
  const known = trained === null ? "tells foreground from background" : `tells ${trained} classes apart`;
  const cure = trained === null ? "leave out --colours" : "pass the file that it was trained with";
  throw new WrongCall(`${colours?.file} of --colours names ${classes} classes, but the model ${known}; ${cure}`);
}
