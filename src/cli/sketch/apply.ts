// A whole call of `lovasz sketch apply`: the gradient of the loss of all data by the logits of one share of it.
import { apply } from "../../sketch/apply.js";
import { weigh } from "../../sketch/weigh.js";
import type { Io } from "../io.js";
import { writeWhole } from "../writeWhole.js";
import { npyBytes } from "./arrays.js";
import { readLabelled } from "./countArrays.js";
import type { ApplyPartOptions } from "./options.js";
import { wholeOf } from "./weigh.js";

/** Writes the gradient as .npy, float32, of the shape of the values. */
export async function applyCall({ part: file, classes, out, ...arrays }: ApplyPartOptions, io: Io): Promise<void> {
  const { summary } = await wholeOf([file], undefined, io);
  const { values, labels, ignore } = await readLabelled(summary.loss, arrays);
  const weights = weigh(summary, classes === undefined ? {} : { classes });
  const gradient = apply(weights, values.data, labels, { shape: [...values.shape], ignore });
  writeWhole(out, npyBytes({ data: gradient, shape: values.shape }));
}
