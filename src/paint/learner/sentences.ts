// What the learner says to a person when something cannot be done.
import { LovaszError } from "../../errors.js";
import { isOutOfMemory } from "../../model/outOfMemory.js";

/** Why a picture could not be opened. */
export function whyBroken(error: unknown): string {
  if (isOutOfMemory(error)) return "The picture is too large for this browser's memory. Make it smaller, or cut it into parts.";
  return "This browser cannot read the file as a picture. Save it as PNG or JPEG and open it again.";
}

/** Why what was asked could not be done. */
export function whyFailed(error: unknown): string {
  if (isOutOfMemory(error)) return "There is not enough memory. Close other pictures or tabs and try again.";
  return error instanceof Error ? error.message : String(error);
}

/** Why the learner cannot go on. */
export function whyDead(error: unknown): string {
  if (isOutOfMemory(error)) return "Learning ran out of memory. Close other pictures or tabs.";
  const what = error instanceof LovaszError ? error.message : String(error);
  return `Learning stopped by a fault of this page: ${what}`;
}
