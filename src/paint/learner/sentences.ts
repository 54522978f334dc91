// What the learner says to a person when something cannot be done.
import { LovaszError } from "../../errors.js";
import { isOutOfMemory } from "../../model/outOfMemory.js";
import { faults } from "../strings.js";

/** Why a picture could not be opened. */
export function whyBroken(error: unknown): string {
  if (isOutOfMemory(error)) return faults.picture.tooLarge;
  return faults.picture.unreadable;
}

/** Why what was asked could not be done. */
export function whyFailed(error: unknown): string {
  if (isOutOfMemory(error)) return faults.learner.memory;
  return error instanceof Error ? error.message : String(error);
}

/** Why the learner cannot go on. */
export function whyDead(error: unknown): string {
  if (isOutOfMemory(error)) return faults.learner.learningMemory;
  const what = error instanceof LovaszError ? error.message : String(error);
  return faults.learner.fault(what);
}
