// What is to be told apart: foreground from background, or one of several classes.
import { iouBinary } from "../../index.js";
import { VOID } from "../data/pictures.js";

/** A way to read logits and to compare what they say with the truth. */
export interface Task {
  /** How many classes; null for foreground and background from one logit a pixel. */
  readonly classes: number | null;
  /** Channels of the network's output. */
  readonly outChannels: number;
  /** The label of each of `pixels` pixels from logits [outChannels, pixels]. */
  decide(logits: Float32Array, pixels: number): Uint8Array;
  /** Intersection over union, a fraction, of what is not void. */
  iou(predictions: Uint8Array, labels: Uint8Array): number;
}

/** Foreground where the logit is positive. */
export const binaryTask: Task = {
  classes: null,
  outChannels: 1,
  decide: (logits) => Uint8Array.from(logits, (logit) => (logit > 0 ? 1 : 0)),
  iou: (predictions, labels) => iouBinary(predictions, labels, { ignore: VOID }),
};
