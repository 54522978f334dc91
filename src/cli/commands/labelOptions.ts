// The options that say how masks are read: the same in train, eval and inspect.
import { InvalidArgumentError, Option } from "commander";
import { path, wholeNumber } from "../arguments.js";
import type { LabelOptions } from "../data/labelling.js";
import { readColours } from "../data/readColours.js";
import { WrongCall } from "../exits.js";

/** The options of a call, as commander hands them over. */
export interface MaskOptions {
  classes?: number;
  ignore?: readonly number[];
  threshold?: number;
  maskSuffix?: string;
  colours?: string;
}

/** The lines of a help text that tell of the file of --colours. */
export const COLOURS_HELP = `
FILE of --colours gives the class of each colour, as text or as JSON. Text: a line for each class, in the order of the classes, "r g b name"
or "#rrggbb name"; the name may be left out, lines of one name are one class, and a line named ignore or void marks pixels that are left
out. JSON: { "#rrggbb": class }, with null for pixels that are left out, or a list of "#rrggbb" or [r, g, b] in the order of the classes.`;

/** `--ignore N,...`, which may be repeated. */
export function ignoreOption(): Option {
  const text = "mask values of pixels that nobody could label, such as 255 or 254,255; they are left out of every loss and metric";
  return new Option("--ignore <n,...>", text).argParser(ignoredValues);
}

/** `--threshold N`. */
export function thresholdOption(): Option {
  return new Option("--threshold <n>", "mask values from n up are foreground (default: all but 0)").argParser(wholeNumber(1, 65535));
}

/** `--mask-suffix TEXT`. */
export function maskSuffixOption(): Option {
  const text = "what the names of masks have behind those of their pictures, such as _mask: a_mask.png for a.jpg";
  return new Option("--mask-suffix <text>", text).argParser(suffix);
}

/** `--colours FILE`. */
export function coloursOption(): Option {
  return new Option("--colours <file>", "read classes by their colours, from classes/, or from masks/ where that is missing").argParser(
    path,
  );
}

/**
 * The options as they were given, null or empty for those left out; the number of classes is that of the file of colours, where there is
 * one. Throws `WrongCall` where two contradict each other, and `LovaszError` "data" where that file cannot be read.
 */
export function labelOptions({ classes, ignore = [], threshold, maskSuffix = "", colours }: MaskOptions): LabelOptions {
  if (classes !== undefined && threshold !== undefined) {
    throw new WrongCall("--threshold separates foreground from background, but --classes reads class numbers; leave out one of them");
  }
  if (colours !== undefined && threshold !== undefined) {
    throw new WrongCall("--threshold separates foreground from background, but --colours reads classes; leave out one of them");
  }
  if (colours !== undefined && ignore.length > 0) {
    throw new WrongCall("--ignore names values of masks, but --colours reads colours; name ignored colours ignore in its file");
  }
  const read = colours === undefined ? null : readColours(colours);
  if (read && classes !== undefined && classes !== read.classes) {
    throw new WrongCall(`--classes is ${classes}, but ${colours} of --colours names ${read.classes} classes; leave out --classes`);
  }
  return { classes: read?.classes ?? classes ?? null, ignore, threshold: threshold ?? null, colours: read, maskSuffix };
}

function ignoredValues(text: string, before: readonly number[] = []): readonly number[] {
  const values = text.split(",").map((value) => value.trim());
  const isValue = (value: string) => /^\d+$/.test(value) && Number(value) <= 65535;
  if (values.every(isValue)) return [...new Set([...before, ...values.map(Number)])];
  throw new InvalidArgumentError("Pass a whole number from 0 to 65535, or several with commas.");
}

// as stems are compared: an accented letter may be spelt as one character or two
function suffix(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("It is empty: pass what the names of masks end with, before the extension.");
  if (/[/\\]/.test(text)) throw new InvalidArgumentError("Pass the end of names, without a folder.");
  if (/\.(png|jpe?g|jfif|jpe|jif|tiff?)$/i.test(text)) throw new InvalidArgumentError("Leave out the extension.");
  return text.normalize("NFC");
}
