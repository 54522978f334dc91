// What the calling thread and its workers say to each other. Arrays lie in shared memory where there is any; where not, they
// are copied on the way there and transferred on the way back, and what is to be written `into` is null.
import type { LovaszErrorCode } from "../../errors.js";
import type { LossName } from "./losses.js";

/** A loss, its value and gradient times `factor`. */
export interface LossTask {
  kind: "loss";
  loss: LossName;
  input: Float32Array;
  labels: ArrayLike<number>;
  options: object;
  factor: number;
  /** Where the input is some of the images of a whole whose mean is taken: how many that has. */
  images: number | null;
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

/**
 * A softmax loss that several workers compute together, in a memory that their cores share. Its pixels lie in slabs, columns of all
 * images: [slabs, images, classes, width], and without classes [slabs, images, width]. The last slab is filled up with void pixels.
 */
export interface SoftmaxCall {
  memory: WebAssembly.Memory;
  images: number;
  classes: number;
  slabs: number;
  width: number;
  /** Of the histogram, or 0 to sort. */
  bins: number;
  weighted: boolean;
  /** The classes that count, and of each the factor on its loss. */
  order: readonly number[];
  factors: readonly number[];
  places: SoftmaxPlaces;
}

/** Where in the memory things lie. */
export interface SoftmaxPlaces {
  logits: number;
  /** i32, -1 where void. */
  labels: number;
  weights: number;
  /** Probabilities, `others` and `top` as in assembly/lovasz/softmaxKeys.ts. */
  p: number;
  /** Keys, or places of the table in the first room; in the end the gradient. */
  keys: number;
  others: number;
  top: number;
  /** By the probabilities, [classes, slabs, images, width]. */
  slopes: number;
  /** f64, of each class in the order. */
  losses: number;
  /** Turns of the slabs on the way there, of the classes in the order, and of the slabs on the way back. */
  pixelTurns: number;
  classTurns: number;
  backTurns: number;
  /** Room for each worker, of so many bytes. */
  rooms: number;
  roomBytes: number;
}

/** A step of it, for the worker in a seat: what it can get of the probabilities of slabs, losses of classes, or ways back of slabs. */
export interface SoftmaxTask {
  kind: "softmaxPixels" | "softmaxClasses" | "softmaxBack";
  call: SoftmaxCall;
  seat: number;
}

/** A histogram of the errors of a binary loss that several workers count, in a memory that their cores share. */
export interface BinsCall {
  memory: WebAssembly.Memory;
  /** See KIND of losses/method.ts. */
  kind: number;
  bins: number;
  /** Where things lie: of each pixel the value, the label (i32, -1 where void), the error and the slope; of each strip a table and a range. */
  places: { values: number; labels: number; errors: number; slopes: number; tables: number; tableBytes: number; ranges: number };
}

/** A step of it, for the worker in a seat: of the pixels `from` to before `to`. */
export interface BinsTask {
  kind: "binErrors" | "binCounts" | "binSlopes";
  call: BinsCall;
  strip: number;
  from: number;
  to: number;
  /** All errors are below; known from the second step on. */
  range: number;
  seat: number;
}

export type Task = LossTask | SortTask | SoftmaxTask | BinsTask;

/** What a task yields. */
export interface Outcome {
  value: number;
  /** The gradient, or sorted values, where they were not written `into` shared memory. */
  array: Float32Array | null;
  /** What each image adds to the mean of the whole; see `Part` of losses/part.ts. */
  shares: readonly number[];
}

export interface Request {
  id: number;
  task: Task;
}

/** Of a request: what became of it, or before that, a piece of it that is done. */
export type Reply =
  | { id: number; outcome: Outcome }
  | { id: number; error: { code: LovaszErrorCode | null; message: string } }
  | { id: number; piece: number };
