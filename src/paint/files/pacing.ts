import { breathe } from "../../model/breathe.js";

/** Work of so many milliseconds leaves half of a frame, of 60 a second, for drawing. */
const SLICE = 8;

/** A function to call and await between small pieces of long work: it lets the event loop run whenever a slice of time is used up. */
export function pacing(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < SLICE) return;
    await breathe();
    since = performance.now();
  };
}
