// Shared by the elementwise operators of one tensor: a forward kernel, and a backward kernel that multiplies the upstream
// gradient by the derivative, which it computes from the input or from the output.
import { overwriting, record } from "../tensor/tape.js";
import { type Backward, Tensor } from "../tensor/tensor.js";

type Forward = (a: number, out: number, n: number) => void;
/** It reads each element of `upstream` before it writes that of `out`, which may be the same. */
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
        const gradient = overwriting(upstream);
        derivative(saved.pointer, upstream.pointer, gradient.pointer, saved.size);
        return [gradient];
      },
  );
}
