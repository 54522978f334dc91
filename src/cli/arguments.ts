// Readers of option values, for commander.
import { InvalidArgumentError } from "commander";

/** A reader of whole numbers from `least` to `most`. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^-?\d+$/.test(text) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Pass a whole number from ${least} to ${most}.`);
  };
}

/** A reader of numbers above 0, at most `most`. */
export function positiveNumber(most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (text.trim() !== "" && number > 0 && number <= most) return number;
    throw new InvalidArgumentError(`Pass a number above 0, at most ${most}.`);
  };
}

/** A path as it came; an empty one is a variable of the shell that was never set. */
export function path(text: string): string {
  if (text.trim() !== "") return text;
  throw new InvalidArgumentError("It is empty: pass a path.");
}
