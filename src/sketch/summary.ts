// What a part of the data tells about its errors, and how values are turned into errors.
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

/** The losses that can be taken in parts, of logits: `lovaszHinge`, `lovaszSigmoid`, `lovaszSoftmax`. */
export type SketchLoss = "hinge" | "sigmoid" | "softmax";

/** The most bins that errors can be counted in. */
export const MOST_BINS = 2 ** 20;

/** Counts of the errors in a part of the data; plain data, fit for postMessage. */
export interface Summary {
  /** Whose errors they are. */
  loss: SketchLoss;
  /** How many bins errors are counted in. */
  bins: number;
  /** All errors are below; a power of two. */
  range: number;
  /** How many pixels are not void. */
  pixels: number;
  /** How many pixels each class has; of the binary losses, one class, the foreground. */
  positives: Float64Array;
  /**
   * How many errors lie above `bin / bins * range`, up to where the next bin begins, that included: an array `[class, bin,
   * negatives then positives]` in C order.
   */
  counts: Uint32Array;
}

/** Where the errors of a part lie. */
export interface Part {
  /** [images, classes, pixels]; of the binary losses [1, 1, pixels]. */
  shape: readonly number[];
  classOf: Tensor;
  /** All errors are below; a power of two. */
  range: number;
  /** Writes to `addresses` those of the errors' bins in `table`, with bins from 0 to `range`. */
  bin: (addresses: number, table: number, bins: number, range: number) => void;
  /** Turns slopes by the errors of all classes, at the pointer, into those by the logits. */
  back: (slopes: number) => void;
  /** Whether classes come last in the input. */
  last: boolean;
}

/** `loss`, checked. */
export function checkLoss(call: string, loss: unknown): SketchLoss {
  if (loss === "hinge" || loss === "sigmoid" || loss === "softmax") return loss;
  throw new LovaszError("option", `${call}: loss is ${describe(loss)}, expected "hinge", "sigmoid" or "softmax"`);
}

/** Reads the input and labels of a loss. To be called within `tidy`. */
export function readPart(
  call: string,
  loss: SketchLoss,
  values: LossInput,
  labels: Labels,
  { shape, ignore }: { shape?: Shape; ignore?: number | null },
): Part {
  const read = readLabels(call, labels);
  const input = lossInput(call, values, shape);
  return loss === "softmax" ? readClassPart(call, input, read, ignore) : readBinaryPart(call, loss, input, read, ignore);
}

function readBinaryPart(call: string, loss: "hinge" | "sigmoid", input: Tensor, labels: Labels, ignore: number | null | undefined): Part {
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
    bin: (addresses, table, bins, range) => kernels.errorBins_f32(errors, classOf.pointer, n, bins, range, table, addresses),
    back: (slopes) => {
      if (loss === "sigmoid") kernels.sigmoidBackward_f32(errors, slopes, n);
    },
    last: false,
  };
}

function readClassPart(call: string, input: Tensor, labels: Labels, ignore: number | null | undefined): Part {
  const at = channels(call, input, "NCHW", "multiclass");
  const classOf = readClasses(call, labels, at, ignore, 'the loss "sigmoid" or "hinge"');
  const { p, bin, softmax } = softmaxOf(call, at.x, classOf, true, at);
  return {
    shape: at.x.shape,
    classOf,
    range: 1,
    bin: (addresses, table, bins) => bin?.(addresses, table, bins),
    back: (slopes) => {
      if (softmax) throughSoftmax(p, softmax.argmax, slopes, 1, slopes);
    },
    last: at.last,
  };
}

/** The label of the positives of class `c`: binary labels call theirs 1. */
export const positiveLabel = (loss: SketchLoss, c: number) => (loss === "softmax" ? c : 1);
