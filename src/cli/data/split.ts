// Validation pictures out of the training folder, where there is no folder of them.
import { LovaszError } from "../../index.js";
import type { Sample } from "./sample.js";
import { shuffled, stream } from "./shuffle.js";

/** A fifth of `samples`, at least one, drawn by `seed`, for validation; the rest for training. */
export function split(samples: readonly Sample[], seed: number): { training: Sample[]; validation: Sample[] } {
  if (samples.length < 2) {
    throw new LovaszError(
      "data",
      `there is ${samples.length} picture, expected at least 2 to train on and to validate with; add some or pass --val`,
    );
  }
  const order = shuffled(samples, stream(seed, 5));
  const held = Math.max(1, Math.round(samples.length / 5));
  return { training: order.slice(held), validation: order.slice(0, held) };
}
