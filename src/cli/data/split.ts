// Splits validation pictures off the training folder, where they have no folder of their own.
import { counted } from "../../counted.js";
import { LovaszError } from "../../index.js";
import { shuffled, stream } from "../../model/shuffle.js";

/** A fifth of `pictures`, at least one, drawn by `seed`, for validation, and the remaining ones for training. */
export function split<T>(pictures: readonly T[], seed: number): { training: T[]; validation: T[] } {
  if (pictures.length < 2) {
    throw new LovaszError(
      "data",
      `there ${pictures.length === 1 ? "is" : "are"} ${counted(pictures.length, "picture")}, expected at least 2, one to train on and one to validate with; add some or pass --val`,
    );
  }
  const order = shuffled(pictures, stream(seed, 5));
  const held = Math.max(1, Math.round(pictures.length / 5));
  return { training: order.slice(held), validation: order.slice(0, held) };
}
