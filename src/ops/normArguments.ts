// Checks the arguments that groupNorm and batchNorm have in common.
import { LovaszError } from "../errors.js";
import { finite } from "../options.js";
import { show, sizeOf } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { operand } from "./operand.js";

// float32 holds the reciprocal of its root to the third power, a factor of the gradient
const LEAST_EPS = 1e-20;

/** Reads the option `eps`. With 0, equal values would be divided by 0. */
export const readEps = (call: string, eps: unknown): number => Math.max(finite(call, "eps", eps, 1e-5, 0), LEAST_EPS);

/** The first two extents of `x` and the size of its planes, after checking that it has at least two axes. */
export function extentsOf(call: string, x: unknown): { batch: number; channels: number; plane: number } {
  const { shape } = operand(call, x, "x");
  if (shape.length < 2) throw new LovaszError("shape", `${call}: x has shape ${show(shape)}, expected [B, C, ...]`);
  return { batch: shape[0], channels: shape[1], plane: sizeOf(shape.slice(2)) };
}

/** Returns `value`, null where it is left out, after checking that it is a tensor with one number per channel. */
export function perChannel(call: string, name: string, value: unknown, channels: number): Tensor | null {
  if (value === undefined || value === null) return null;
  const tensor = operand(call, value, name, "a Tensor or null");
  if (tensor.shape.length === 1 && tensor.size === channels) return tensor;
  throw new LovaszError("shape", `${call}: ${name} has shape ${show(tensor.shape)}, expected [${channels}], one per channel of x`);
}

/** Throws where the single one of `count` values would be normalised by itself, which makes it 0 whatever it was. */
export function checkCount(call: string, x: Tensor, count: number, per: string): void {
  if (count !== 1) return;
  throw new LovaszError(
    "shape",
    `${call}: x has shape ${show(x.shape)}, which is 1 value per ${per}, expected more than 1; pass a larger batch or larger planes`,
  );
}
