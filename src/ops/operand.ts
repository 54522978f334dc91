// What an operator accepts: a tensor, or where it broadcasts a number.
import { LovaszError } from "../errors.js";
import { describe } from "../options.js";
import { Tensor, tensor } from "../tensor/tensor.js";

/** `value` after checking that it is a tensor. */
export function operand(call: string, value: unknown): Tensor {
  if (value instanceof Tensor) return value;
  throw new LovaszError("shape", `${call}: the operand is ${describe(value)}, expected a Tensor; wrap plain values in tensor(...)`);
}

/** `value` as a tensor; a number becomes one without axes. */
export function operandOrNumber(call: string, value: unknown): Tensor {
  return typeof value === "number" ? tensor(value) : operand(call, value);
}
