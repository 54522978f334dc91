// Shared by the elementwise operators of one tensor: a forward kernel, and a backward kernel that multiplies the upstream
// gradient by the derivative, which it computes from the input or from the output.
import { record } from "../tensor/tape.js";
import { type Backward, Tensor } from "../tensor/tensor.js";

type Forward = (a: number, out: number, n: number) => void;
type Derivative = (saved: number, upstream: number, out: number, n: number) => void;

export function unary(a: Tensor, forward: Forward, derivative: Derivative, from: "input" | "output"): Tensor {
  const pointer = a.pointer;
  const out = Tensor.empty(a.shape);
  forward(pointer, out.pointer, a.size);
  return record(
    out,
    [a],
    [from === "input" ? a : out],
    (saved): Backward =>
      (upstream) => {
        const gradient = Tensor.empty(saved.shape);
        derivative(saved.pointer, upstream.pointer, gradient.pointer, saved.size);
        return [gradient];
      },
  );
}
