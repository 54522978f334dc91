import { LovaszError } from "../errors.js";
import { finite, flag, knownOptions } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { viewF32 } from "../wasm/memory.js";
import { emptyMoments, normalise } from "./norm.js";
import { checkCount, extentsOf, perChannel, readEps } from "./normArguments.js";

/** Options of `batchNorm`. */
export interface BatchNormOptions {
  /** The running mean [C]. With `training` it is updated in place. Pass it together with `runningVar`; without `training` both are needed. */
  runningMean?: Tensor | null;
  /** The running variance [C]. With `training` it is updated in place, by the unbiased variance: that of n values is divided by n - 1. */
  runningVar?: Tensor | null;
  /** Whether to normalise by the mean and variance of `x`, instead of by the running ones. Default false. */
  training?: boolean;
  /** The share of the statistics of `x` in the updated running ones, from 0 to 1. Default 0.1. */
  momentum?: number;
  /** Added to the variance, from 0; at least 1e-20 is added. Default 1e-5. */
  eps?: number;
}

/**
 * Normalises `x` of shape [B, C, ...]. With `training`, the values of each channel, over all images and pixels, get mean 0 and variance 1.
 * Otherwise the running mean and variance, which earlier calls collected, take the place of those of `x`. Then each channel is multiplied
 * by its `weight` [C], if there is one, and its `bias` [C] is added. Throws `LovaszError` "shape", also for a single value per channel in
 * training, or "option".
 *
 * Source: Ioffe, Szegedy, "Batch normalization" (2015), algorithms 1 and 2.
 *
 * @example
 * ```js
 * import { batchNorm, ones, tensor, zeros } from "lovasz";
 *
 * const [runningMean, runningVar] = [zeros([1]), ones([1])];
 * const out = batchNorm(tensor([[1], [3]]), null, null, { runningMean, runningVar, training: true });
 * console.log(out.toArray().flat().map((one) => one.toFixed(2))); // [ '-1.00', '1.00' ]
 * console.log(runningMean.item().toFixed(2), runningVar.item().toFixed(2)); // 0.20 1.10
 * ```
 */
export function batchNorm(x: Tensor, weight?: Tensor | null, bias?: Tensor | null, options: BatchNormOptions = {}): Tensor {
  const call = "batchNorm(x, weight, bias, options)";
  const { batch, channels, plane } = extentsOf(call, x);
  const [scale, shift] = [perChannel(call, "weight", weight, channels), perChannel(call, "bias", bias, channels)];
  const { running, training, momentum, eps } = readOptions(call, options, channels);
  const grouping = { batch, units: channels, plane, groups: channels, shared: 1, channels };
  if (!training && running) {
    const [mean, variance] = running.map((one) => Float64Array.from(one.copy()));
    return normalise(x, scale, shift, grouping, { mean, variance, areFixed: true }, eps);
  }
  const count = batch * plane;
  checkCount(call, x, count, "channel");
  const targets = running?.map(({ pointer }) => pointer) ?? [];
  const moments = emptyMoments(channels);
  const out = normalise(x, scale, shift, grouping, moments, eps);
  // nothing can fail any more
  const unbiased = moments.variance.map((one) => (one * count) / (count - 1));
  if (count > 0) for (const [i, pointer] of targets.entries()) blend(pointer, [moments.mean, unbiased][i], momentum);
  return out;
}

function readOptions(call: string, options: BatchNormOptions, channels: number) {
  knownOptions(call, options, ["runningMean", "runningVar", "training", "momentum", "eps"]);
  const training = flag(call, "training", options.training, false);
  const running = (["runningMean", "runningVar"] as const).map((name) => {
    const tensor = perChannel(call, name, options[name], channels);
    if (!tensor?.requiresGrad) return tensor;
    throw new LovaszError("option", `${call}: ${name} has requiresGrad, but no gradient reaches it; pass its detach()`);
  });
  const given = running.filter((one) => one !== null);
  if (given.length === 1 || (given.length === 0 && !training)) {
    const came = running[0] ? "runningVar is missing" : running[1] ? "runningMean is missing" : "runningMean and runningVar are missing";
    const cure = given.length === 1 ? "pass both" : "pass both, or { training: true } to normalise by the statistics of x";
    throw new LovaszError("option", `${call}: ${came}, expected a Tensor of shape [${channels}] for each; ${cure}`);
  }
  const momentum = finite(call, "momentum", options.momentum, 0.1, 0, 1);
  return { running: given.length === 2 ? given : null, training, momentum, eps: readEps(call, options.eps) };
}

function blend(pointer: number, values: Float64Array, momentum: number): void {
  const running = viewF32(pointer, values.length);
  for (let c = 0; c < running.length; c++) running[c] = (1 - momentum) * running[c] + momentum * values[c];
}
