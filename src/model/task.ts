// What a network decides: foreground or background, or one of several classes.

import { LovaszError } from "../errors.js";
import { classIoU } from "./classIoU.js";
import { IGNORED } from "./ignored.js";

/** A way to read logits and to compare what they say with the truth. */
export interface Task {
  /** How many classes; null for foreground and background from one logit a pixel. */
  readonly classes: number | null;
  /** Channels of the network's output. */
  readonly outChannels: number;
  /** The label of each of `pixels` pixels from logits [outChannels, pixels]; the foreground is where a single logit is above `limit`. */
  decide(logits: Float32Array, pixels: number, limit?: number): Uint8Array;
  /** The probability of each channel, in place of logits [outChannels, pixels]. */
  toProbabilities(logits: Float32Array, pixels: number): void;
  /**
   * Intersection over union, a fraction, of the foreground (1 where neither truth nor prediction has any) or of each class that
   * truth or prediction has, from a confusion matrix.
   */
  ious(matrix: readonly (readonly number[])[]): readonly number[];
}

/** Foreground where the logit is positive. */
export const binaryTask: Task = {
  classes: null,
  outChannels: 1,
  decide: foreground,
  toProbabilities: sigmoids,
  ious: (matrix) => [classIoU(matrix, 1) ?? 1],
};

/** The class of the largest logit. */
export function multiclassTask(classes: number): Task {
  return {
    classes,
    outChannels: classes,
    decide: largest,
    toProbabilities: softmaxes,
    ious: (matrix) => [...matrix.keys()].map((one) => classIoU(matrix, one)).filter((iou) => iou !== null),
  };
}

/** What a network with so many output `channels` decides. Throws `LovaszError` "shape" where labels cannot hold so many classes. */
export function taskOf(channels: number): Task {
  if (channels < 1 || channels > IGNORED) {
    const why = `a label is a byte, and ${IGNORED} marks ignored pixels`;
    throw new LovaszError("shape", `the network has ${channels} output channels, expected 1 to ${IGNORED}, as ${why}`);
  }
  return channels === 1 ? binaryTask : multiclassTask(channels);
}

function foreground(logits: Float32Array, pixels: number, limit = 0): Uint8Array {
  const labels = new Uint8Array(pixels);
  for (let i = 0; i < pixels; i++) labels[i] = logits[i] > limit ? 1 : 0;
  return labels;
}

function largest(logits: Float32Array, pixels: number): Uint8Array {
  const labels = new Uint8Array(pixels);
  const best = logits.slice(0, pixels);
  for (let at = pixels, label = 1; at < logits.length; at += pixels, label++) {
    for (let i = 0; i < pixels; i++) {
      if (!(logits[at + i] > best[i])) continue;
      best[i] = logits[at + i];
      labels[i] = label;
    }
  }
  return labels;
}

function sigmoids(logits: Float32Array): void {
  for (let i = 0; i < logits.length; i++) logits[i] = 1 / (1 + Math.exp(-logits[i]));
}

function softmaxes(logits: Float32Array, pixels: number): void {
  for (let i = 0; i < pixels; i++) {
    let most = logits[i];
    for (let at = i; at < logits.length; at += pixels) most = Math.max(most, logits[at]);
    let sum = 0;
    for (let at = i; at < logits.length; at += pixels) sum += expOfDifference(logits[at], most);
    for (let at = i; at < logits.length; at += pixels) logits[at] = expOfDifference(logits[at], most) / sum;
  }
}

// also of two infinite numbers, whose difference is NaN
function expOfDifference(a: number, b: number): number {
  return a === b ? 1 : Math.exp(a - b);
}
