// What values a loss can work with, where the pixel is not void.
import { LovaszError } from "../errors.js";
import { MAX_FLOAT } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { type Channels, placeInInput } from "./channels.js";

/** The extents of an input as the losses see it. */
export interface Extents {
  images: number;
  classes: number;
  pixels: number;
  /** What the input was before it was rearranged, for messages. Default: the same. */
  from?: Channels;
}

/** Throws unless every value of `input` that is not void is a number from `least` to `most`; `classOf`: -1 in void pixels. */
function check(
  input: Tensor,
  classOf: Tensor,
  size: Extents,
  least: number,
  most: number,
  error: (at: number, value: number) => LovaszError,
): void {
  const { images, classes, pixels } = size;
  const at = kernels.firstOutside_f32(input.pointer, classOf.pointer, images, classes, pixels, least, most) >>> 0;
  if (at < input.size) throw error(size.from ? placeInInput(size.from, at) : at, input.data[at]);
}

/** Throws for NaN. */
export function refuseNaN(call: string, input: Tensor, classOf: Tensor, size: Extents): void {
  check(input, classOf, size, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, (at) => nanError(call, at, Number.NaN));
}

/** Throws for NaN and infinities. */
export function refuseInfinite(call: string, input: Tensor, classOf: Tensor, size: Extents): void {
  check(input, classOf, size, -MAX_FLOAT, MAX_FLOAT, (at, value) => nanError(call, at, value));
}

// what to say of input that is no number
function nanError(call: string, at: number, value: number): LovaszError {
  return new LovaszError("nan", `${call}: input[${at}] is ${value}, expected numbers; lower the learning rate if the model diverged`);
}

/** Throws for what is no probability. The rounding of a softmax, a little more than 1, passes, and counts as 1. */
export function refuseImprobable(call: string, input: Tensor, classOf: Tensor, size: Extents): void {
  check(input, classOf, size, -1e-5, 1 + 1e-5, (at, value) => {
    if (Number.isNaN(value)) return nanError(call, at, value);
    return new LovaszError(
      "option",
      `${call}: input[${at}] is ${value}, expected a probability from 0 to 1; logits want { fromLogits: true }`,
    );
  });
}

/** Throws for negative errors. */
export function refuseNegative(call: string, input: Tensor, classOf: Tensor, size: Extents): void {
  check(input, classOf, size, 0, Number.POSITIVE_INFINITY, (at, value) => {
    if (Number.isNaN(value)) return nanError(call, at, value);
    return new LovaszError("option", `${call}: errors[${at}] is ${value}, expected at least 0; use relu() or abs() before`);
  });
}
