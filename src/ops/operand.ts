// What an operator accepts: a tensor, or where it broadcasts a number.
import { LovaszError } from "../errors.js";
import { describe } from "../options.js";
import { Tensor, tensor } from "../tensor/tensor.js";

/** `value`, the argument `name` of `call`, after checking that it is a tensor. */
export function operand(call: string, value: unknown, name = "a", expected = "a Tensor"): Tensor {
  if (value instanceof Tensor) return value;
  throw new LovaszError("shape", `${call}: ${name} is ${describe(value)}, expected ${expected}; wrap plain values in tensor(...)`);
}

/** `value` as a tensor; a number becomes one without axes. */
export function operandOrNumber(call: string, value: unknown, name: string): Tensor {
  return typeof value === "number" ? tensor(value) : operand(call, value, name, "a Tensor or a number");
}
