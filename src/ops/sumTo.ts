import { tidy } from "../tensor/scope.js";
import { type Shape, sameShape } from "../tensor/shape.js";
import { alias } from "../tensor/tape.js";
import type { Tensor } from "../tensor/tensor.js";
import { sumAxes } from "./sumAxes.js";

/** Sums `a` over the axes along which `shape` was broadcast to the shape of `a`: the adjoint of `broadcastTo`. */
export function sumTo(a: Tensor, shape: Shape): Tensor {
  if (sameShape(a.shape, shape)) return alias(a);
  const lead = a.shape.length - shape.length;
  const axes = a.shape.map((_, axis) => axis).filter((axis) => axis < lead || (shape[axis - lead] === 1 && a.shape[axis] !== 1));
  return tidy(() => alias(sumAxes(a, axes, 1), shape));
}
