// The options that say how the values of masks are read: the same in train, eval and inspect.
import { Option } from "commander";
import { wholeNumber } from "../arguments.js";
import type { LabelOptions } from "../data/labelling.js";
import { WrongCall } from "../exits.js";

/** `--ignore N`. */
export function ignoreOption(): Option {
  const text = "the mask value of pixels that nobody could label; they are left out of every loss and metric";
  return new Option("--ignore <n>", text).argParser(wholeNumber(0, 65535));
}

/** `--threshold N`. */
export function thresholdOption(): Option {
  return new Option("--threshold <n>", "mask values from n up are foreground (default: all but 0)").argParser(wholeNumber(1, 65535));
}

/** The options as they were given, null for those left out; throws `WrongCall` where two contradict each other. */
export function labelOptions({ classes, ignore, threshold }: { classes?: number; ignore?: number; threshold?: number }): LabelOptions {
  if (classes !== undefined && threshold !== undefined) {
    throw new WrongCall("--threshold separates foreground from background, but --classes reads class numbers; leave out one of them");
  }
  return { classes: classes ?? null, ignore: ignore ?? null, threshold: threshold ?? null };
}
