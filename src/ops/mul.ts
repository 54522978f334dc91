import type { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { binary } from "./binary.js";

/** a * b for each element, broadcast as in NumPy. */
export function mul(a: Tensor | number, b: Tensor | number): Tensor {
  return binary("mul(a, b)", a, b, kernels.mul_f32, (x, y) => (upstream, [needA, needB]) => [
    needA ? mul(upstream, y) : null,
    needB ? mul(upstream, x) : null,
  ]);
}
