// Validation pictures out of the training folder, where there is no folder of them.
import { LovaszError } from "../../index.js";
import { shuffled, stream } from "./shuffle.js";

/** A fifth of `pictures`, at least one, drawn by `seed`, for validation; the rest for training. */
export function split<T>(pictures: readonly T[], seed: number): { training: T[]; validation: T[] } {
  if (pictures.length < 2) {
    throw new LovaszError(
      "data",
      `there is ${pictures.length} picture, expected at least 2 to train on and to validate with; add some or pass --val`,
    );
  }
  const order = shuffled(pictures, stream(seed, 5));
  const held = Math.max(1, Math.round(pictures.length / 5));
  return { training: order.slice(held), validation: order.slice(0, held) };
}
