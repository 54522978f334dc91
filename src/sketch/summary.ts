// What a part of the data tells about its errors, and how values are turned into errors.
import { LovaszError } from "../errors.js";
import { channels } from "../losses/channels.js";
import { type LossInput, lossInput } from "../losses/input.js";
import { classMap, type Labels } from "../losses/labels.js";
import { type Probabilities, softmaxOf } from "../losses/lovaszClasses.js";
import { KIND } from "../losses/method.js";
import { refuseInfinite } from "../losses/range.js";
import { readClasses } from "../losses/targets.js";
import { describe } from "../options.js";
import type { Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";

/** The losses that can be taken in parts, of logits: `lovaszHinge`, `lovaszSigmoid`, `lovaszSoftmax`. */
export type SketchLoss = "hinge" | "sigmoid" | "softmax";

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
  kind: number;
  classes: number;
  /** Pixels of all images. */
  count: number;
  classOf: Tensor;
  /** Writes the errors of a class, f32, to the pointer. */
  errorsOf: (c: number, out: number) => void;
  /** Of a softmax. */
  probabilities: Probabilities | null;
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
  const input = lossInput(call, values, shape);
  return loss === "softmax" ? readClassPart(call, input, labels, ignore) : readBinaryPart(call, loss, input, labels, ignore);
}

function readBinaryPart(call: string, loss: "hinge" | "sigmoid", input: Tensor, labels: Labels, ignore: number | null | undefined): Part {
  const count = input.size;
  const classOf = classMap(call, labels, { count, classes: 2, ignore });
  refuseInfinite(call, input, classOf, { images: 1, classes: 1, pixels: count });
  const errorsOf = (_: number, out: number) => kernels.errors_f32(KIND[loss], input.pointer, classOf.pointer, count, out);
  return { kind: KIND[loss], classes: 1, count, classOf, errorsOf, probabilities: null, last: false };
}

function readClassPart(call: string, input: Tensor, labels: Labels, ignore: number | null | undefined): Part {
  const at = channels(call, input, "NCHW", "multiclass");
  const { x, images, classes, pixels, last } = at;
  const classOf = readClasses(call, labels, at, ignore);
  const probabilities = softmaxOf(call, x, classOf, true, at);
  const { pointer } = probabilities.p;
  const errorsOf = (c: number, out: number) => kernels.classErrors_f32(pointer, classOf.pointer, c, images, classes, pixels, out);
  return { kind: KIND.softmax, classes, count: images * pixels, classOf, errorsOf, probabilities, last };
}

/** The label of the positives of class `c`: binary labels call theirs 1. */
export const positiveLabel = (loss: SketchLoss, c: number) => (loss === "softmax" ? c : 1);
