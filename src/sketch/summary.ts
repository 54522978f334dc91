// Summaries of the errors in a chunk of the data, and how values become errors.
import { LovaszError } from "../errors.js";
import { channels } from "../losses/channels.js";
import { type LossInput, lossInput } from "../losses/input.js";
import { classMap, type Labels, readLabels } from "../losses/labels.js";
import { softmaxOf, throughSoftmax } from "../losses/lovaszClasses.js";
import { errorRange, KIND } from "../losses/method.js";
import { refuseInfinite } from "../losses/range.js";
import { readClasses } from "../losses/targets.js";
import { describe } from "../options.js";
import type { Shape } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import type { Counts } from "./counts.js";

/** The losses of logits that can be computed in chunks: `lovaszHinge`, `lovaszSigmoid`, `lovaszSoftmax`. */
export type SketchLoss = "hinge" | "sigmoid" | "softmax";

/** The most bins that errors can be counted in. */
export const MOST_BINS = 2 ** 20;

/** Counts of the errors in a chunk of the data: plain data, which postMessage can send. */
export interface Summary {
  /** The loss whose errors these are. */
  loss: SketchLoss;
  /** The number of bins. */
  bins: number;
  /** A power of two that all errors are below. */
  range: number;
  /** The number of pixels that are not ignored. */
  pixels: number;
  /** The number of pixels of each class; binary losses have one class, the foreground. */
  positives: Float64Array;
  /**
   * The number of errors in each bin, as an array `[class, bin, negatives then positives]` in C order. Bin i holds errors above
   * `i / bins * range`, up to and including `(i + 1) / bins * range`. In a Float64Array where one of them is 2^32 or more.
   */
  counts: Counts;
}

/** The errors of a chunk. */
export interface Chunk {
  /** [images, classes, pixels]; [1, 1, pixels] for binary losses. */
  shape: readonly number[];
  classOf: Tensor;
  /** A power of two that all errors are below. */
  range: number;
  /** Writes to `addresses` the bin in `table` of each error of all classes, with bins from 0 to `range`. */
  toBins: (addresses: number, table: number, bins: number, range: number) => void;
  /** Turns the derivatives by the errors of all classes, at the pointer, into derivatives by the logits. */
  backward: (gradient: number) => void;
  /** Whether classes come last in the input. */
  last: boolean;
}

/** `loss`, checked. */
export function checkLoss(call: string, loss: unknown): SketchLoss {
  if (loss === "hinge" || loss === "sigmoid" || loss === "softmax") return loss;
  throw new LovaszError("option", `${call}: loss is ${describe(loss)}, expected "hinge", "sigmoid" or "softmax"`);
}

/** Reads the input and labels of a loss. To be called within `tidy`. */
export function readChunk(
  call: string,
  loss: SketchLoss,
  values: LossInput,
  labels: Labels,
  { shape, ignore }: { shape?: Shape; ignore?: number | null },
): Chunk {
  const read = readLabels(call, labels);
  const input = lossInput(call, values, shape);
  return loss === "softmax" ? readClassChunk(call, input, read, ignore) : readBinaryChunk(call, loss, input, read, ignore);
}

function readBinaryChunk(call: string, loss: "hinge" | "sigmoid", input: Tensor, labels: Labels, ignore: number | null | undefined): Chunk {
  const n = input.size;
  const kind = KIND[loss];
  const classOf = classMap(call, labels, { count: n, classes: 2, ignore, multiclass: 'the loss "softmax"' });
  refuseInfinite(call, input, classOf, { images: 1, classes: 1, pixels: n });
  const errors = Tensor.empty([n]).pointer;
  kernels.errors_f32(kind, input.pointer, classOf.pointer, n, errors);
  return {
    shape: [1, 1, n],
    classOf,
    range: errorRange(kind, errors, n),
    toBins: (addresses, table, bins, range) => kernels.errorBins_f32(errors, classOf.pointer, n, bins, range, table, addresses),
    backward: (gradient) => {
      if (loss === "sigmoid") kernels.sigmoidBackward_f32(errors, gradient, n);
    },
    last: false,
  };
}

function readClassChunk(call: string, input: Tensor, labels: Labels, ignore: number | null | undefined): Chunk {
  const at = channels(call, input, "NCHW", "multiclass");
  const classOf = readClasses(call, labels, at, ignore, 'the loss "sigmoid" or "hinge"');
  const { p, bin: toBins, softmax } = softmaxOf(call, at.x, classOf, true, at);
  return {
    shape: at.x.shape,
    classOf,
    range: 1,
    toBins: (addresses, table, bins) => toBins?.(addresses, table, bins),
    backward: (gradient) => {
      if (softmax) throughSoftmax(p, softmax.argmax, gradient, 1, gradient);
    },
    last: at.last,
  };
}

/** The label of the positives of class `c`, which is 1 for binary losses. */
export const positiveLabel = (loss: SketchLoss, c: number) => (loss === "softmax" ? c : 1);
