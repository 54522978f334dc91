/**
 * The Lovász losses as losses of TensorFlow.js, on whichever of its backends.
 * @module lovasz/tfjs
 */

import { LovaszError } from "../errors.js";
import type { LovaszOptions, LovaszSigmoidOptions, LovaszSoftmaxOptions } from "../index.js";
import { describe } from "../options.js";
import { type AdaptedOptions, adapted, type Compute, checkModule, type Read } from "./adapted.js";
import type { LossName } from "./lossName.js";

export type { AdaptedOptions } from "./adapted.js";

/** How TensorFlow.js hands out values. */
export type Values = Float32Array | Int32Array | Uint8Array;

/** What is used of a tensor of TensorFlow.js. */
export interface TfTensor {
  readonly shape: number[];
  readonly dtype: string;
  dataSync(): Values;
  data(): Promise<Values>;
  dispose(): void;
}

/** What is used of the module `@tensorflow/tfjs`; `S` is its scalar, `T` its tensor. */
export interface TfModule<S extends TfTensor, T extends TfTensor> {
  scalar(value: number): S;
  tensor(values: Float32Array, shape: never): T;
  // the types of TensorFlow.js ask for its own classes here, which no interface of ours can name
  mul(a: never, b: never): TfTensor;
  sum(x: never): TfTensor;
  tidy(fn: never): unknown;
  customGrad(fn: never): unknown;
}

/** What is used of an optimiser of TensorFlow.js. */
export interface TfOptimizer<S extends TfTensor> {
  minimize(fn: () => S): S | null;
}

/**
 * A loss for `model.compile({ loss })` and `optimizer.minimize`. Predictions float32 [B, H, W, C], or [P, C] for the pixels of
 * one image; labels one-hot (a row of zeros is void), or the class of each pixel, or (hinge and sigmoid) 0 or 1 for each
 * prediction. `fit` wants labels shaped like the predictions. The predictions are read back synchronously, within the tape.
 *
 * Throws `LovaszError` as the loss of its name does, and "shape" for predictions or labels of another kind or shape.
 */
export interface TfLoss<S extends TfTensor, T extends TfTensor> {
  (yTrue: TfTensor, yPred: TfTensor): S;
  /**
   * The value, and the gradient by `yPred` as a new tensor that the caller disposes of. The thread is not blocked while the
   * backend computes: for webgl, and for webgpu, which cannot be read synchronously.
   */
  valueAndGradAsync(yTrue: TfTensor, yPred: TfTensor): Promise<{ value: number; grad: T }>;
  /**
   * One step of `optimizer`, and the loss before it. `forward` makes the predictions, twice: what it returns first is read back
   * without blocking, and with the gradient in hand it is called again for the tape. It must return the same both times, so no
   * dropout in it.
   */
  minimizeAsync(optimizer: TfOptimizer<S>, forward: () => TfTensor, yTrue: TfTensor): Promise<number>;
}

/** What `tfLosses` gives: the losses of those names, their options fixed. */
export interface TfLosses<S extends TfTensor, T extends TfTensor> {
  lovaszHinge(options?: AdaptedOptions<LovaszOptions>): TfLoss<S, T>;
  lovaszSoftmax(options?: AdaptedOptions<LovaszSoftmaxOptions>): TfLoss<S, T>;
  lovaszSigmoid(options?: AdaptedOptions<LovaszSigmoidOptions>): TfLoss<S, T>;
}

// the module as it is called here
interface Operations<S, T extends TfTensor> {
  scalar(value: number): S;
  tensor(values: Float32Array, shape: number[]): T;
  mul(a: TfTensor, b: TfTensor): TfTensor;
  sum(x: TfTensor): S;
  tidy<R>(fn: () => R): R;
  customGrad(fn: (x: TfTensor) => { value: S; gradFunc: (dy: TfTensor) => TfTensor }): (x: TfTensor) => S;
}

const NAMES = { outputs: "yPred", labels: "yTrue" };

/**
 * The losses for the user's own `tf`, to be used as `model.compile({ loss: tfLosses(tf).lovaszHinge() })`. Options are those of
 * the losses themselves, with `layout: "NHWC"` by default.
 *
 * Throws `LovaszError` "option" if `tf` is not the module.
 */
export function tfLosses<S extends TfTensor, T extends TfTensor>(tf: TfModule<S, T>): TfLosses<S, T> {
  const needed = ["scalar", "tensor", "mul", "sum", "tidy", "customGrad"];
  checkModule("tfLosses(tf)", "tf", tf, needed, 'import * as tf from "@tensorflow/tfjs"');
  const make = (name: LossName, options: object) => tfLoss(tf, name, adapted(name, options, "NHWC", NAMES));
  return {
    lovaszHinge: (options = {}) => make("lovaszHinge", options),
    lovaszSoftmax: (options = {}) => make("lovaszSoftmax", options),
    lovaszSigmoid: (options = {}) => make("lovaszSigmoid", options),
  };
}

function tfLoss<S extends TfTensor, T extends TfTensor>(module: TfModule<S, T>, name: LossName, compute: Compute): TfLoss<S, T> {
  const tf = module as unknown as Operations<S, T>;
  const loss = (yTrue: TfTensor, yPred: TfTensor): S => {
    checkTensors(name, yTrue, yPred);
    const operation = tf.customGrad((x) => {
      const { value, grad } = compute(x.dataSync() as Float32Array, x.shape, { values: yTrue.dataSync(), shape: yTrue.shape });
      const { shape } = x;
      return {
        value: tf.scalar(value),
        // scaled here: the backends take longer for a product with a scalar than the loss does
        gradFunc: (dy) => tf.tensor(scaled(grad, dy.dataSync()[0]), shape),
      };
    });
    return tf.tidy(() => operation(yPred));
  };

  const valueAndGradAsync = async (yTrue: TfTensor, yPred: TfTensor) => {
    checkTensors(name, yTrue, yPred);
    const { shape } = yPred;
    const labels: Read = { values: await yTrue.data(), shape: yTrue.shape };
    const { value, grad } = compute((await yPred.data()) as Float32Array, shape, labels);
    return { value, grad: tf.tensor(grad, shape) };
  };

  const minimizeAsync = async (optimizer: TfOptimizer<S>, forward: () => TfTensor, yTrue: TfTensor): Promise<number> => {
    const yPred = tf.tidy(forward);
    const { value, grad } = await valueAndGradAsync(yTrue, yPred).finally(() => yPred.dispose());
    try {
      // the gradient of sum(prediction * slope) by the weights is that of the loss
      optimizer.minimize(() => tf.sum(tf.mul(forward(), grad)));
    } finally {
      grad.dispose();
    }
    return value;
  };

  return Object.assign(loss, { valueAndGradAsync, minimizeAsync });
}

const scaled = (grad: Float32Array, factor: number): Float32Array => (factor === 1 ? grad : grad.map((slope) => slope * factor));

function checkTensors(name: LossName, yTrue: unknown, yPred: unknown): void {
  for (const [argument, value] of Object.entries({ yTrue, yPred })) {
    if (typeof (value as TfTensor | null)?.dataSync === "function") continue;
    throw new LovaszError(
      "shape",
      `${name}: ${argument} is ${describe(value)}, expected a tensor of TensorFlow.js; the loss is called as (yTrue, yPred)`,
    );
  }
  const { dtype } = yPred as TfTensor;
  if (dtype === "float32") return;
  throw new LovaszError("shape", `${name}: yPred is a tensor of ${dtype}, expected float32; the loss is called as (yTrue, yPred)`);
}
