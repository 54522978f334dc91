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

/** The members of a jax-js array that the losses use. */
export interface JaxArray {
  readonly shape: number[];
  readonly dtype: string;
  readonly device: string;
  /** Reads the values and consumes the array. */
  data(): Promise<ArrayLike<number>>;
  dispose(): void;
}

/** The members of the module `@jax-js/jax` that the losses use. */
export interface JaxModule {
  // jax-js types these by trees of arrays that no interface of ours can name
  vjp(model: never, primals: never): unknown;
  numpy: { array(values: Float32Array, options: { shape: number[]; device: never }): unknown };
  tree: { dispose(tree: never): void };
}

type Pullback = ((cotangent: unknown) => unknown[]) & { dispose(): void };

/**
 * Computes a loss and its gradient by the parameters of a model. `model(params)` returns the outputs, float32 [B, C, ...], or [P, C]
 * for the pixels of one image. Labels are those of the loss, plain or an array of jax-js. `grads` is shaped like `params`.
 *
 * As everywhere in jax-js, the call consumes the arrays passed to it, even if it fails (except those that a model held when it
 * threw). Pass `jax.tree.ref(params)` and `labels.ref` to keep them. The caller owns `grads`.
 *
 * Rejects with the `LovaszError` of the loss itself, and with "shape" for outputs or labels of a wrong kind or shape.
 */
export type JaxLoss = <Params>(
  model: (params: Params) => unknown,
  params: Params,
  labels: Labels | JaxArray,
) => Promise<{ value: number; grads: Params }>;

/** The result of `jaxLosses`. Each method takes the options of a loss and returns the loss. */
export interface JaxLosses {
  /** The Lovász hinge loss of binary logits, see `lovaszHinge` of `lovasz`. */
  lovaszHinge(options?: AdaptedOptions<LovaszOptions>): JaxLoss;
  /** The Lovász-Softmax loss of several classes, see `lovaszSoftmax` of `lovasz`. */
  lovaszSoftmax(options?: AdaptedOptions<LovaszSoftmaxOptions>): JaxLoss;
  /** The Lovász loss of the sigmoid of binary logits, see `lovaszSigmoid` of `lovasz`. */
  lovaszSigmoid(options?: AdaptedOptions<LovaszSigmoidOptions>): JaxLoss;
}

const NAMES = { outputs: "the output of the model", labels: "labels" };

/**
 * The Lovász losses for jax-js, whose module the caller passes as `jax`. Options are those of the losses themselves, with
 * `layout: "NCHW"` by default, the layout of jax-js convolutions.
 *
 * Throws `LovaszError` "option" if `jax` is not the module.
 *
 * @example
 * ```js
 * import * as jax from "@jax-js/jax";
 * import { jaxLosses } from "lovasz/jax";
 *
 * const loss = jaxLosses(jax).lovaszHinge();
 * const params = jax.numpy.array([0.5, -2, 3]);
 * const { value, grads } = await loss((logits) => logits, jax.tree.ref(params), [1, 0, 1]);
 * console.log(value.toFixed(2), grads.shape); // 0.25 [ 3 ]
 * ```
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
      // both reads start at once, so that neither array leaks if the other fails
      const [values, read] = await Promise.all([outputs.data(), readLabels(labels)]);
      const { value, grad } = compute(values as Float32Array, shape, read);
      const cotangent = jax.numpy.array(grad, { shape, device: device as never });
      return { value, grads: pullback(cotangent)[0] as Params };
    } finally {
      pullback.dispose();
    }
  };
}

// the outputs, and the pullback of their gradient to the parameters, which are consumed
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
