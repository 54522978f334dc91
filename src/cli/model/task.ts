// What is to be told apart: foreground from background, or one of several classes.
import { iou, iouBinary } from "../../index.js";
import { VOID } from "../data/pictures.js";

/** A way to read logits and to compare what they say with the truth. */
export interface Task {
  /** How many classes; null for foreground and background from one logit a pixel. */
  readonly classes: number | null;
  /** Channels of the network's output. */
  readonly outChannels: number;
  /** The label of each of `pixels` pixels from logits [outChannels, pixels]. */
  decide(logits: Float32Array, pixels: number): Uint8Array;
  /** Intersection over union, a fraction, of the foreground or of each class that truth or prediction has; void is left out. */
  ious(predictions: Uint8Array, labels: Uint8Array): readonly number[];
}

/** Foreground where the logit is positive. */
export const binaryTask: Task = {
  classes: null,
  outChannels: 1,
  decide: (logits) => Uint8Array.from(logits, (logit) => (logit > 0 ? 1 : 0)),
  ious: (predictions, labels) => [iouBinary(predictions, labels, { ignore: VOID })],
};

/** The class of the largest logit. */
export function multiclassTask(classes: number): Task {
  return {
    classes,
    outChannels: classes,
    decide: (logits, pixels) => Uint8Array.from({ length: pixels }, (_, i) => largest(logits, i, pixels)),
    ious: (predictions, labels) => iou(predictions, labels, classes, { ignore: VOID, empty: ABSENT }).filter((one) => one !== ABSENT),
  };
}

// no intersection over union
const ABSENT = -1;

function largest(logits: Float32Array, first: number, step: number): number {
  let best = first;
  for (let at = first + step; at < logits.length; at += step) if (logits[at] > logits[best]) best = at;
  return (best - first) / step;
}
