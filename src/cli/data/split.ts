// Splits validation pictures off the training folder, where they have no folder of their own.
import { counted } from "../../counted.js";
import { LovaszError } from "../../index.js";
import { shuffled, stream } from "../../model/shuffle.js";

/** The share of the pictures that is held back where a call names none. */
export const DEFAULT_SHARE = 0.2;

/** That `share` of `pictures`, drawn by `seed`, for validation, and the remaining ones for training; each has at least one. */
export function split<T>(pictures: readonly T[], seed: number, share = DEFAULT_SHARE): { training: T[]; validation: T[] } {
  if (pictures.length < 2) {
    throw new LovaszError(
      "data",
      `there ${pictures.length === 1 ? "is" : "are"} ${counted(pictures.length, "picture")}, expected at least 2, one to train on and one to validate with; add some or pass --val DIR`,
    );
  }
  const order = shuffled(pictures, stream(seed, 5));
  const held = Math.min(Math.max(1, Math.round(pictures.length * share)), pictures.length - 1);
  return { training: order.slice(held), validation: order.slice(0, held) };
}
