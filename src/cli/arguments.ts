// Readers of option values, for commander.
import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import { InvalidArgumentError } from "commander";
import { workingFolder } from "./workingFolder.js";

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

/** A reader of numbers from 0 up, at most `most`, separated by commas. */
export function numbers(most: number): (text: string) => number[] {
  return (text) => {
    const list = text.split(",").map((one) => (one.trim() === "" ? Number.NaN : Number(one)));
    if (list.every((one) => one >= 0 && one <= most)) return list;
    throw new InvalidArgumentError(`Pass numbers from 0 up, at most ${most}, separated by commas.`);
  };
}

/** A number from 0 to less than 1. */
export function share(text: string): number {
  const number = Number(text);
  if (text.trim() !== "" && number >= 0 && number < 1) return number;
  throw new InvalidArgumentError("Pass a number from 0 to less than 1.");
}

/** A number between 0 and 1, both excluded. */
export function probability(text: string): number {
  const number = Number(text);
  if (text.trim() !== "" && number > 0 && number < 1) return number;
  throw new InvalidArgumentError("Pass a number between 0 and 1.");
}

// 20 % and 0,2 as well, which nobody takes for folders
const NUMBER = /^[-+]?(?=.*\d)[\d.,]+(e[-+]?\d+)?\s*%?$/i;

/** A number between 0 and 1, both excluded, as a share; anything else is a path. A folder of such a name can be given as ./0.2. */
export function shareOrPath(text: string): number | string {
  const number = NUMBER.test(text.trim()) ? Number(text) : Number.NaN;
  if (number > 0 && number < 1) return number;
  if (!NUMBER.test(text.trim()) || existsSync(text)) return path(text);
  throw new InvalidArgumentError("There is no such folder, and a share lies between 0 and 1, such as 0.2 for a fifth of --data.");
}

/**
 * A path, unchanged. An empty one comes from an unset shell variable. Node replaces bytes that are not UTF-8 with U+FFFD, and then
 * finds no such file. Throws `WrongCall` for a relative path where the working directory was deleted.
 */
export function path(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("It is empty: pass a path.");
  if (!isAbsolute(text)) workingFolder();
  if (text.includes("\uFFFD") && !existsSync(text)) {
    throw new InvalidArgumentError("It holds bytes that are not UTF-8: rename it, or pass a link with another name.");
  }
  return text;
}
