/**
 * The Lovász losses for models of jax-js.
 * @module lovasz/jax
 */

import { LovaszError } from "../errors.js";
import type { Labels, LovaszOptions, LovaszSigmoidOptions, LovaszSoftmaxOptions } from "../index.js";
import { describe } from "../options.js";
import { type AdaptedOptions, adapted, type Compute, checkModule, type Read } from "./adapted.js";
import type { LossName } from "./lossName.js";

export type { AdaptedOptions } from "./adapted.js";

/** What is used of an array of jax-js. */
export interface JaxArray {
  readonly shape: number[];
  readonly dtype: string;
  readonly device: string;
  /** The values; the array is consumed. */
  data(): Promise<ArrayLike<number>>;
  dispose(): void;
}

/** What is used of the module `@jax-js/jax`. */
export interface JaxModule {
  // jax-js types these by trees of arrays that no interface of ours can name
  vjp(model: never, primals: never): unknown;
  numpy: { array(values: Float32Array, options: { shape: number[]; device: never }): unknown };
  tree: { dispose(tree: never): void };
}

type Pullback = ((cotangent: unknown) => unknown[]) & { dispose(): void };

/**
 * A loss and its gradient by the parameters of a model: `model(params)` makes the outputs, float32 [B, C, ...] or [P, C] for the
 * pixels of one image; labels are those of the loss, plain or an array of jax-js. `grads` is shaped like `params`.
 *
 * As everywhere in jax-js, the arrays handed in are consumed, also where the call fails (but not those that a model held when
 * it threw): pass `jax.tree.ref(params)` and `labels.ref` to keep them. The caller owns `grads`.
 *
 * Rejects with `LovaszError` as the loss of its name throws it, and "shape" for outputs or labels of another kind or shape.
 */
export type JaxLoss = <Params>(
  model: (params: Params) => unknown,
  params: Params,
  labels: Labels | JaxArray,
) => Promise<{ value: number; grads: Params }>;

/** What `jaxLosses` gives: the losses of those names, their options fixed. */
export interface JaxLosses {
  lovaszHinge(options?: AdaptedOptions<LovaszOptions>): JaxLoss;
  lovaszSoftmax(options?: AdaptedOptions<LovaszSoftmaxOptions>): JaxLoss;
  lovaszSigmoid(options?: AdaptedOptions<LovaszSigmoidOptions>): JaxLoss;
}

const NAMES = { outputs: "the output of the model", labels: "labels" };

/**
 * The losses for the user's own `jax`, to be used as `await jaxLosses(jax).lovaszHinge()(model, jax.tree.ref(params), labels)`.
 * Options are those of the losses themselves; `layout` is "NCHW" by default, which jax-js convolves.
 *
 * Throws `LovaszError` "option" if `jax` is not the module.
 */
export function jaxLosses(jax: JaxModule): JaxLosses {
  checkModule("jaxLosses(jax)", "jax", jax, ["vjp", "numpy.array", "tree.dispose"], 'import * as jax from "@jax-js/jax"');
  const make = (name: LossName, options: object) => jaxLoss(jax, name, adapted(name, options, "NCHW", NAMES));
  return {
    lovaszHinge: (options = {}) => make("lovaszHinge", options),
    lovaszSoftmax: (options = {}) => make("lovaszSoftmax", options),
    lovaszSigmoid: (options = {}) => make("lovaszSigmoid", options),
  };
}

function jaxLoss(jax: JaxModule, name: LossName, compute: Compute): JaxLoss {
  return async <Params>(model: (params: Params) => unknown, params: Params, labels: Labels | JaxArray) => {
    const [outputs, pullback] = differentiated(jax, name, model, params, labels);
    try {
      if (!isArray(outputs) || outputs.dtype !== "float32") {
        release(jax, outputs, labels);
        const came = isArray(outputs) ? `an array of ${outputs.dtype}` : describe(outputs);
        throw new LovaszError("shape", `${name}: model(params) returned ${came}, expected one array of float32`);
      }
      const { shape, device } = outputs;
      // both reads begin at once, so that neither array is left if the other fails
      const [values, read] = await Promise.all([outputs.data(), readLabels(labels)]);
      const { value, grad } = compute(values as Float32Array, shape, read);
      const cotangent = jax.numpy.array(grad, { shape, device: device as never });
      return { value, grads: pullback(cotangent)[0] as Params };
    } finally {
      pullback.dispose();
    }
  };
}

// the outputs, and what carries a gradient by them back to the parameters, which are consumed
function differentiated<Params>(
  jax: JaxModule,
  name: LossName,
  model: (params: Params) => unknown,
  params: Params,
  labels: Labels | JaxArray,
): [unknown, Pullback] {
  if (typeof model !== "function") {
    release(jax, params, labels);
    throw new LovaszError("option", `${name}: model is ${describe(model)}, expected a function of params that returns an array of jax-js`);
  }
  try {
    return jax.vjp(model as never, [params] as never) as [unknown, Pullback];
  } catch (error) {
    release(jax, null, labels);
    throw error;
  }
}

async function readLabels(labels: Labels | JaxArray): Promise<Read> {
  if (!isArray(labels)) return { values: labels as ArrayLike<number> };
  const { shape } = labels;
  return { values: await labels.data(), shape };
}

function release(jax: JaxModule, tree: unknown, labels: Labels | JaxArray): void {
  jax.tree.dispose(tree as never);
  if (isArray(labels)) labels.dispose();
}

function isArray(value: unknown): value is JaxArray {
  const { data, dispose, shape } = (value ?? {}) as Partial<JaxArray>;
  return typeof data === "function" && typeof dispose === "function" && Array.isArray(shape);
}
