// What the elementwise operators of one tensor share: a forward kernel and one that multiplies the upstream gradient by the
// slope, which it finds from the input or from the output.
import { record } from "../tensor/tape.js";
import { type Backward, Tensor } from "../tensor/tensor.js";

type Forward = (a: number, out: number, n: number) => void;
type Slope = (saved: number, upstream: number, out: number, n: number) => void;

export function unary(a: Tensor, forward: Forward, slope: Slope, from: "input" | "output"): Tensor {
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
        slope(saved.pointer, upstream.pointer, gradient.pointer, saved.size);
        return [gradient];
      },
  );
}
