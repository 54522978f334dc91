// Counts the errors of logits in files.
import { confusionMatrix } from "../../index.js";
import { sketch } from "../../sketch/sketch.js";
import type { SketchLoss } from "../../sketch/summary.js";
import { WrongCall } from "../exits.js";
import { readLabels, readValues, type Values } from "./arrays.js";
import type { ArrayOptions } from "./options.js";
import type { Part } from "./part.js";

/** Logits, their labels, and the label of ignored pixels, or null. */
export interface Labelled {
  readonly values: Values;
  readonly labels: Int32Array;
  readonly ignore: number | null;
}

/** The files that `options` name. Throws `WrongCall`, and `LovaszError` "data". */
export async function readLabelled(
  kind: SketchLoss,
  { values: file, labels: labelFile, shape, ignore = [] }: ArrayOptions,
): Promise<Labelled> {
  if (file === undefined || labelFile === undefined)
    throw new WrongCall("--values and --labels go together; pass the files of logits and of labels");
  if (ignore.length > 1)
    throw new WrongCall(`--ignore is ${ignore.join(",")}, but labels in files have one value for ignored pixels; pass one`);
  const values = await readValues(file, shape);
  const labels = await readLabels(labelFile, pixelsOf(file, kind, values));
  return { values, labels, ignore: ignore[0] ?? null };
}

/** What is counted of them: a part without a name. */
export function countArrays(
  kind: SketchLoss,
  { values: { data, shape }, labels, ignore }: Labelled,
  bins: number | undefined,
): Omit<Part, "names"> {
  const summary = sketch(kind, data, labels, { shape: [...shape], ignore, ...(bins === undefined ? {} : { bins }) });
  const classes = kind === "softmax" ? summary.positives.length : 2;
  const confusion = confusionMatrix(decided(kind, data, shape), labels, classes, { ignore });
  return { summary, confusion };
}

function pixelsOf(file: string, kind: SketchLoss, { data, shape }: Values): number {
  if (kind !== "softmax") return data.length;
  if (shape.length < 2) {
    throw new WrongCall(
      `${file} has the shape ${shape.join(",")}, but --kind softmax needs pictures, classes and pixels, such as 1,21,512,512, or pixels and classes`,
    );
  }
  return data.length / Math.max(shape[1], 1);
}

// the foreground where a logit is positive, or the class of the largest
function decided(kind: SketchLoss, data: Float32Array, shape: readonly number[]): Int32Array {
  if (kind !== "softmax") return Int32Array.from(data, (logit) => Number(logit > 0));
  const classes = shape[1];
  // [P, C] is as P pictures of one pixel
  const pixels = shape.slice(2).reduce((product, extent) => product * extent, 1);
  const labels = new Int32Array(data.length / classes);
  for (let i = 0; i < labels.length; i++) {
    const first = Math.floor(i / pixels) * classes * pixels + (i % pixels);
    let best = 0;
    for (let c = 1; c < classes; c++) if (data[first + c * pixels] > data[first + best * pixels]) best = c;
    labels[i] = best;
  }
  return labels;
}
