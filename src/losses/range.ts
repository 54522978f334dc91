// Checks that the values of pixels that are not ignored are in the range that a loss can work with.
import { LovaszError } from "../errors.js";
import { MAX_FLOAT } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { type Channels, indexInInput } from "./channels.js";
import { firstFound } from "./firstFound.js";

/** The extents of an input once it has the layout of the losses. */
export interface Extents {
  images: number;
  classes: number;
  pixels: number;
  /** The layout of the input before it was rearranged, for messages. Default: the same. */
  from?: Channels;
}

/** Throws unless the value of every pixel that is not ignored is from `least` to `most`. `classOf` is -1 for ignored pixels. */
function check(
  input: Tensor,
  classOf: Tensor,
  size: Extents,
  least: number,
  most: number,
  error: (at: number, value: number) => LovaszError,
): void {
  const { images, classes, pixels } = size;
  for (let plane = 0; plane < images * classes; plane++) {
    const start = plane * pixels;
    const [values, labels] = [input.pointer + 4 * start, classOf.pointer + 4 * Math.floor(plane / classes) * pixels];
    const first = firstFound("firstOutside_f32", { count: pixels, cost: 2, step: 16 }, (from, count) => {
      return [values + 4 * from, labels + 4 * from, count, least, most];
    });
    if (first === pixels) continue;
    const at = start + first;
    throw error(size.from ? indexInInput(size.from, at) : at, input.data[at]);
  }
}

/** Throws for NaN. */
export function refuseNaN(call: string, input: Tensor, classOf: Tensor, size: Extents): void {
  check(input, classOf, size, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, (at) => nanError(call, at, Number.NaN));
}

/** Throws for NaN and infinities. */
export function refuseInfinite(call: string, input: Tensor, classOf: Tensor, size: Extents): void {
  check(input, classOf, size, -MAX_FLOAT, MAX_FLOAT, (at, value) => nanError(call, at, value));
}

function nanError(call: string, at: number, value: number): LovaszError {
  return new LovaszError("nan", `${call}: input[${at}] is ${value}, expected numbers; lower the learning rate if the model diverged`);
}

/** Throws for numbers that are not probabilities. Allows slightly more than 1, as a rounded softmax may be; that counts as 1. */
export function refuseImprobable(call: string, input: Tensor, classOf: Tensor, size: Extents): void {
  check(input, classOf, size, -1e-5, 1 + 1e-5, (at, value) => {
    if (Number.isNaN(value)) return nanError(call, at, value);
    return new LovaszError(
      "option",
      `${call}: input[${at}] is ${value}, expected a probability from 0 to 1; pass { fromLogits: true } for logits`,
    );
  });
}

/** Throws for negative errors. */
export function refuseNegative(call: string, input: Tensor, classOf: Tensor, size: Extents): void {
  check(input, classOf, size, 0, Number.POSITIVE_INFINITY, (at, value) => {
    if (Number.isNaN(value)) return nanError(call, at, value);
    return new LovaszError("option", `${call}: errors[${at}] is ${value}, expected at least 0; apply relu() or abs() first`);
  });
}
