// What the calling thread and its workers say to each other. Arrays lie in shared memory where there is any; where not, they
// are copied on the way there and transferred on the way back, and what is to be written `into` is null.
import type { LovaszErrorCode } from "../../errors.js";
import type { LossName } from "./losses.js";

/** A loss of whole images, its value and gradient times `factor`. */
export interface LossTask {
  kind: "loss";
  loss: LossName;
  input: Float32Array;
  labels: ArrayLike<number>;
  options: object;
  factor: number;
  into: Float32Array | null;
}

/** Values in one of `parts` ranges, in order. */
export interface SortTask {
  kind: "sort";
  values: Float32Array;
  descending: boolean;
  part: number;
  parts: number;
}

/** What the three steps of a softmax loss share: all of it in shared memory, [images, classes, pixels] and [images, pixels]. */
export interface SoftmaxShared {
  /** Names the call: a worker keeps what it made of its pixels from the first step to the last. */
  call: number;
  images: number;
  classes: number;
  pixels: number;
  logits: Float32Array;
  /** -1 where void. */
  labels: Int32Array;
  weights: Float32Array | null;
  keys: Float32Array;
  /** Of all other logits the sum of their powers; two floats a pixel, a float64. */
  others: Float32Array;
  /** The class of each pixel's largest logit, and that logit. */
  top: Int32Array;
  largest: Float32Array;
  /** By the probabilities, then by the logits. */
  slopes: Float32Array;
  gradient: Float32Array;
}

/** Probabilities of the pixels `from`..`to` of each image, or the way back to their logits. */
export interface SoftmaxPixelsTask {
  kind: "softmaxPixels" | "softmaxBack";
  shared: SoftmaxShared;
  from: number;
  to: number;
}

/** The losses of some classes. */
export interface SoftmaxClassesTask {
  kind: "softmaxClasses";
  shared: SoftmaxShared;
  classes: readonly number[];
  classWeights: readonly number[];
  share: number;
}

/** The end of a call: nothing of it is to be kept. */
export interface ForgetTask {
  kind: "forget";
  call: number;
}

export type Task = LossTask | SortTask | SoftmaxPixelsTask | SoftmaxClassesTask | ForgetTask;

/** What a task yields. */
export interface Outcome {
  value: number;
  /** The gradient, or sorted values, where they were not written `into` shared memory. */
  array: Float32Array | null;
}

export interface Request {
  id: number;
  task: Task;
}

export type Reply = { id: number; outcome: Outcome } | { id: number; error: { code: LovaszErrorCode | null; message: string } };
