// The losses that are compared: the pixelwise loss, with Dice, with the Lovász loss as `lovasz train` does by default, and the Lovász loss alone.
import { defaultLosses } from "../../build/losses.js";

/** The loss that `lovasz train` recommends: the last of those that it compares by default. */
export const recommended = (classes) => defaultLosses(classes).split(",").at(-1);

/** Their names, for `--loss`. */
export const lossesOf = (classes) =>
  classes === null
    ? ["bce", "bce+dice", recommended(classes), "lovasz-sigmoid"]
    : ["ce", "ce+dice", recommended(classes), "lovasz-softmax"];
