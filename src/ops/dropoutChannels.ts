import { uniform } from "../random.js";
import { overwriting, record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { viewF32 } from "../wasm/memory.js";

/** `dropout` of whole planes of `x` [B, C, ...]: plane i is kept where random number i of `seed` is at least `p`. */
export function dropoutChannels(x: Tensor, p: number, seed: number): Tensor {
  const planes = x.shape[0] * x.shape[1];
  const size = planes === 0 ? 0 : x.size / planes;
  const next = uniform(seed);
  const areKept = Uint8Array.from({ length: planes }, () => Number(next() >= p));
  const drop = (from: number, out: Tensor) => {
    areKept.forEach((isKept, i) => {
      const offset = 4 * size * i;
      if (isKept) kernels.scaleRow_f32(from + offset, 1 / (1 - p), out.pointer + offset, size);
      else viewF32(out.pointer + offset, size).fill(0);
    });
    return out;
  };
  const pointer = x.pointer;
  const out = drop(pointer, Tensor.empty(x.shape));
  return record(out, [x], [], () => (upstream) => [drop(upstream.pointer, overwriting(upstream))]);
}
