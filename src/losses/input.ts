// The first argument of a loss: a tensor in a graph, or plain values and a shape.
import { LovaszError } from "../errors.js";
import { describe } from "../options.js";
import { checkShape, type Shape, sameShape, show } from "../tensor/shape.js";
import { Tensor, tensor } from "../tensor/tensor.js";
import { isFloat32 } from "../typedArray.js";

/** A tensor, or values whose shape is given by `options.shape`. */
export type LossInput = Tensor | Float32Array;

/** Returns `input` itself if it is a tensor, or else a new tensor of `shape`. */
export function lossInput(call: string, input: LossInput, shape: Shape | undefined): Tensor {
  if (input instanceof Tensor) {
    input.checkAlive();
    if (shape === undefined || sameShape(checkShape(call, shape), input.shape)) return input;
    throw new LovaszError(
      "option",
      `${call}: options.shape is ${show(shape)}, but the input is a Tensor of shape ${show(input.shape)}; leave it out`,
    );
  }
  if (isFloat32(input)) return tensor(input, shape);
  throw new LovaszError("shape", `${call}: the input is ${describe(input)}, expected a Tensor or a Float32Array with options.shape`);
}

/** The number of images: the extent of the first axis, or 1 for inputs of rank 0 and 1. */
export function imagesOf(input: Tensor): number {
  return input.shape.length < 2 ? 1 : input.shape[0];
}
