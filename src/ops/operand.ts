// Checks the arguments of operators: tensors, or numbers too where an operator broadcasts.
import { LovaszError } from "../errors.js";
import { describe } from "../options.js";
import { Tensor, tensor } from "../tensor/tensor.js";

/** Returns `value`, the argument `name` of `call`, after checking that it is a tensor. */
export function operand(call: string, value: unknown, name = "a", expected = "a Tensor"): Tensor {
  if (value instanceof Tensor) return value;
  throw new LovaszError("shape", `${call}: ${name} is ${describe(value)}, expected ${expected}; wrap plain values in tensor(...)`);
}

/** Returns `value` as a tensor; a number becomes a tensor without axes. */
export function operandOrNumber(call: string, value: unknown, name: string): Tensor {
  return typeof value === "number" ? tensor(value) : operand(call, value, name, "a Tensor or a number");
}
