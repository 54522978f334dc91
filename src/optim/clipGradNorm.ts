import { LovaszError } from "../errors.js";
import { describe } from "../options.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { checkAlive } from "./checks.js";

/**
 * Scales the gradients of `parameters` so that their norm, the root of the sum of the squares of all their numbers, is at most `maxNorm`,
 * and returns the norm before. Call it between `backward()` and `step()`. Parameters without a gradient are skipped.
 *
 * The factor is maxNorm / (norm + 1e-6) where that is below 1, as in PyTorch's clip_grad_norm_. The norm is computed in float64, where
 * no gradient is too large. If a gradient holds NaN or an infinity, the norm is that; all gradients then stay as they are, where PyTorch
 * would make all of them NaN: skip such a step.
 *
 * Throws `LovaszError` "option" or "disposed".
 *
 * @param parameters - The tensors to train, such as `model.parameters()`.
 * @param maxNorm - The largest norm, at least 0; Infinity only measures.
 * @example
 * ```js
 * import { optim, tensor } from "lovasz";
 *
 * const x = tensor([3, 4], undefined, { requiresGrad: true });
 * x.sum().backward([10]);
 * console.log(optim.clipGradNorm([x], 1).toFixed(2)); // 14.14
 * console.log(x.grad.toArray().map((one) => one.toFixed(3))); // [ '0.707', '0.707' ]
 * ```
 */
export function clipGradNorm(parameters: readonly Tensor[], maxNorm: number): number {
  const call = "clipGradNorm(parameters, maxNorm)";
  if (!(typeof maxNorm === "number" && maxNorm >= 0)) {
    throw new LovaszError("option", `${call}: maxNorm is ${describe(maxNorm)}, expected a number of at least 0`);
  }
  const gradients = readGradients(call, parameters);
  const squares = gradients.reduce((sum, { pointer, size }) => sum + kernels.sumSquares_f32(pointer, size), 0);
  const norm = Math.sqrt(squares);
  const factor = maxNorm / (norm + 1e-6);
  if (!Number.isFinite(norm) || !(factor < 1)) return norm;
  // each memory once, even if two parameters share a gradient
  const own = new Map(gradients.map(({ pointer, size }) => [pointer, size]));
  for (const [pointer, size] of own) for (const one of inFloat32(factor)) kernels.scale_f32(pointer, one, pointer, size);
  return norm;
}

// float32 would keep only some digits of a smaller factor
const inFloat32 = (factor: number) => (factor < 2 ** -126 ? [2 ** -64, factor * 2 ** 64] : [factor]);

function readGradients(call: string, parameters: readonly Tensor[]): { pointer: number; size: number }[] {
  if (!Array.isArray(parameters)) {
    throw new LovaszError("option", `${call}: parameters is ${describe(parameters)}, expected an array of tensors`);
  }
  const seen = new Set<unknown>();
  const gradients = [...parameters].flatMap((parameter, i) => {
    if (!(parameter instanceof Tensor)) {
      throw new LovaszError("option", `${call}: parameters[${i}] is ${describe(parameter)}, expected a Tensor`);
    }
    if (seen.has(parameter)) {
      throw new LovaszError("option", `${call}: parameters[${i}] was listed before, so its gradient would count twice`);
    }
    seen.add(parameter);
    checkAlive(call, `parameters[${i}]`, parameter);
    if (parameter.grad) checkAlive(call, `the grad of parameters[${i}]`, parameter.grad);
    return parameter.grad ?? [];
  });
  return gradients.map(({ pointer, size }) => ({ pointer, size }));
}
