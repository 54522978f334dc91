// Finite differences against the tape: the gradient of any function of tensors, checked element by element.
import { memory, type Tensor, tensor, tidy } from "../../src/index.js";
import { expectClose, type Tolerance } from "./closeTo.js";
import { normals } from "./random.js";

export interface Input {
  shape: readonly number[];
  values: ArrayLike<number>;
}

export interface GradCheckOptions extends Tolerance {
  /** Distance of the differences' inner points. Outer points lie twice as far. Default 1/32. */
  step?: number;
}

/**
 * Compares the gradient of every input of `fn` with a five-point central difference of sum(fn(inputs) * upstream), upstream
 * random, the sum in float64. The error of such a difference is of the order of step^4 on top of the rounding of float32
 * values over the step, so a step as large as 1/32 serves best. Kinks have to be more than two steps away. Checks besides
 * that nothing stays behind in memory.
 */
export function gradCheck(
  fn: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Input[],
  { step = 1 / 32, absolute = 1e-3, relative = 1e-3 }: GradCheckOptions = {},
): void {
  const before = memory();
  const points = inputs.map(({ shape, values }) => ({ shape, values: Float32Array.from(values) }));
  const leaves = points.map(({ shape, values }) => tensor(values, shape, { requiresGrad: true }));
  const out = fn(...leaves);
  const weights = normals(out.size, 99);
  const upstream = tensor(weights, out.shape);
  out.backward(upstream);
  const gradients = leaves.map((leaf) => leaf.grad?.data.slice());
  for (const made of [out, upstream, ...leaves]) made.dispose();

  const loss = (): number => {
    const constants = points.map(({ shape, values }) => tensor(values, shape));
    const result = tidy(() => fn(...constants));
    const total = result.data.reduce((sum, value, i) => sum + value * weights[i], 0);
    for (const made of [result, ...constants]) made.dispose();
    return total;
  };
  points.forEach(({ values }, input) => {
    const differences = Array.from(values, (value, i) => {
      const at = (offset: number): number => {
        values[i] = value + offset * step;
        return loss();
      };
      const slope = (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * step);
      values[i] = value;
      return slope;
    });
    const gradient = gradients[input];
    if (!gradient) throw new Error(`input ${input} has no gradient`);
    expectClose(gradient, differences, { absolute, relative }, `gradient of input ${input}`);
  });
  const after = memory();
  if (after.tensors !== before.tensors) {
    throw new Error(`${after.tensors - before.tensors} tensors stayed behind, ${after.bytes - before.bytes} bytes`);
  }
}
