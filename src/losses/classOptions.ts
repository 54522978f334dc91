// Options of losses with several classes: which classes count, and how much.
import { LovaszError } from "../errors.js";
import { describe, isList, MAX_WEIGHT } from "../options.js";
import { show } from "../tensor/shape.js";

/** Which classes count: those that occur in the labels, all of them, or the listed ones. */
export type ClassChoice = "present" | "all" | readonly number[];

/** Returns the `classes` option after checking it. */
export function checkClasses(call: string, which: unknown, classes: number): ClassChoice {
  if (which === undefined || which === "present") return "present";
  if (which === "all") return "all";
  const list = isList(which) ? Array.from(which as ArrayLike<number>) : null;
  const fits = list?.every((c) => Number.isInteger(c) && c >= 0 && c < classes) && new Set(list).size === list.length;
  if (list && list.length > 0 && fits) return list;
  const came = list ? show(list) : describe(which);
  throw new LovaszError(
    "option",
    `${call}: classes is ${came}, expected "present", "all" or a list of different classes from 0..${classes - 1}`,
  );
}

/** The classes that count in a group of pixels, `counts` of each class: none where all pixels are ignored, whichever were chosen. */
export function chosenClasses(which: ClassChoice, counts: ArrayLike<number>): readonly number[] {
  const all = Array.from(counts, (_, c) => c);
  const present = all.filter((c) => counts[c] > 0);
  if (which === "present" || present.length === 0) return present;
  return which === "all" ? all : which;
}

/** Returns the `classWeights` option after checking it: numbers from 0 to `most`. */
export function checkClassWeights(call: string, weights: unknown, classes: number, most = MAX_WEIGHT): readonly number[] {
  if (weights === undefined || weights === null) return new Array<number>(classes).fill(1);
  const list = isList(weights) ? Array.from(weights as ArrayLike<number>) : null;
  if (list?.length !== classes) {
    const came = list ? show(list) : describe(weights);
    throw new LovaszError("option", `${call}: classWeights is ${came}, expected ${classes} numbers, one for each class`);
  }
  const bad = list.findIndex((w) => !(typeof w === "number" && w >= 0 && w <= most));
  if (bad < 0) return list;
  const range = most === MAX_WEIGHT ? `number from 0 to ${most.toExponential()}` : "finite number of at least 0";
  throw new LovaszError("option", `${call}: classWeights[${bad}] is ${describe(list[bad])}, expected a ${range}`);
}
