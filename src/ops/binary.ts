// Shared by the elementwise operators of two tensors: both are broadcast to a common shape, and their gradients summed back.

import { tidy } from "../tensor/scope.js";
import { broadcastShapes } from "../tensor/shape.js";
import { record } from "../tensor/tape.js";
import { type Backward, Tensor } from "../tensor/tensor.js";
import { broadcastTo } from "./broadcastTo.js";
import { elementwise, type KernelsOf } from "./elementwise.js";
import { operandOrNumber } from "./operand.js";

type Kernel = KernelsOf<[number, number, number, number]>;

export function binary(
  call: string,
  left: Tensor | number,
  right: Tensor | number,
  kernel: Kernel,
  gradient: (a: Tensor, b: Tensor) => Backward,
): Tensor {
  // frees the broadcast copies unless the graph needs them
  return tidy(() => {
    const a = operandOrNumber(call, left, "a");
    const b = operandOrNumber(call, right, "b");
    const shape = broadcastShapes(call, a.shape, b.shape);
    const wideA = broadcastTo(a, shape);
    const wideB = broadcastTo(b, shape);
    const [pointerA, pointerB] = [wideA.pointer, wideB.pointer];
    const out = Tensor.empty(shape);
    elementwise(kernel, out.size, (at, n) => [pointerA + at, pointerB + at, out.pointer + at, n]);
    return record(out, [wideA, wideB], [wideA, wideB], gradient);
  });
}
