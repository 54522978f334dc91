// Shared by the elementwise operators of one tensor: a forward kernel, and a backward kernel that multiplies the upstream
// gradient by the derivative, which it computes from the input or from the output.
import { overwriting, record } from "../tensor/tape.js";
import { type Backward, Tensor } from "../tensor/tensor.js";
import { elementwise, type KernelsOf } from "./elementwise.js";

// of (a, out, n), and of (saved, upstream, out, n), where `out` may be `upstream`
type Forward = KernelsOf<[number, number, number]>;
type Derivative = KernelsOf<[number, number, number, number]>;

/** `place` makes the tensor of the result. */
export function unary(
  a: Tensor,
  forward: Forward,
  derivative: Derivative,
  from: "input" | "output",
  place = (): Tensor => Tensor.empty(a.shape),
): Tensor {
  const pointer = a.pointer;
  const out = place();
  elementwise(forward, a.size, (at, n) => [pointer + at, out.pointer + at, n]);
  return record(
    out,
    [a],
    [from === "input" ? a : out],
    (saved): Backward =>
      (upstream) => {
        const gradient = overwriting(upstream);
        elementwise(derivative, saved.size, (at, n) => [saved.pointer + at, upstream.pointer + at, gradient.pointer + at, n]);
        return [gradient];
      },
  );
}
