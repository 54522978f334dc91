/**
 * The Lovász losses as losses of TensorFlow.js, on any of its backends.
 * @module lovasz/tfjs
 */

import { LovaszError } from "../errors.js";
import type { LovaszOptions, LovaszSigmoidOptions, LovaszSoftmaxOptions } from "../index.js";
import { describe } from "../options.js";
import { type AdaptedOptions, adapted, type Compute, checkModule, type Read } from "./adapted.js";
import type { LossName } from "./lossName.js";

export type { AdaptedOptions } from "./adapted.js";

/** The typed arrays in which TensorFlow.js returns values. */
export type Values = Float32Array | Int32Array | Uint8Array;

/** The members of a TensorFlow.js tensor that the losses use. */
export interface TfTensor {
  readonly shape: number[];
  readonly dtype: string;
  dataSync(): Values;
  data(): Promise<Values>;
  dispose(): void;
}

/** The members of the module `@tensorflow/tfjs` that the losses use; `S` is its scalar, `T` its tensor. */
export interface TfModule<S extends TfTensor, T extends TfTensor> {
  scalar(value: number): S;
  tensor(values: Float32Array, shape: never): T;
  // the types of TensorFlow.js ask for its own classes here, which no interface of ours can name
  mul(a: never, b: never): TfTensor;
  sum(x: never): TfTensor;
  tidy(fn: never): unknown;
  customGrad(fn: never): unknown;
}

/** The method of a TensorFlow.js optimiser that the losses use. */
export interface TfOptimizer<S extends TfTensor> {
  minimize(fn: () => S): S | null;
}

/**
 * A loss for `model.compile({ loss })` and `optimizer.minimize`. Predictions float32 [B, H, W, C], or [P, C] for the pixels of
 * one image; labels one-hot (a row of zeros is an ignored pixel), or the class of each pixel, or (hinge and sigmoid) 0 or 1 for each
 * prediction. `fit` needs labels of the same shape as the predictions. The predictions are read back synchronously, within the tape.
 *
 * Throws the `LovaszError` of the loss itself, and "shape" for predictions or labels of a wrong kind or shape.
 */
export interface TfLoss<S extends TfTensor, T extends TfTensor> {
  (yTrue: TfTensor, yPred: TfTensor): S;
  /**
   * The value, and the gradient by `yPred` as a new tensor, which the caller disposes of. It reads predictions asynchronously, so that
   * the thread is not blocked on webgl, and works on webgpu, which cannot be read synchronously.
   */
  valueAndGradAsync(yTrue: TfTensor, yPred: TfTensor): Promise<{ value: number; grad: T }>;
  /**
   * Takes one step of `optimizer` and resolves to the loss before it. `forward` computes the predictions and is called twice: once to
   * read them asynchronously, and again on the tape once the gradient is known. It must return the same both times, so it must not
   * contain dropout.
   */
  minimizeAsync(optimizer: TfOptimizer<S>, forward: () => TfTensor, yTrue: TfTensor): Promise<number>;
}

/** The result of `tfLosses`. Each method takes the options of a loss and returns the loss. */
export interface TfLosses<S extends TfTensor, T extends TfTensor> {
  /** The Lovász hinge loss of binary logits, see `lovaszHinge` of `lovasz`. */
  lovaszHinge(options?: AdaptedOptions<LovaszOptions>): TfLoss<S, T>;
  /** The Lovász-Softmax loss of several classes, see `lovaszSoftmax` of `lovasz`. */
  lovaszSoftmax(options?: AdaptedOptions<LovaszSoftmaxOptions>): TfLoss<S, T>;
  /** The Lovász loss of the sigmoid of binary logits, see `lovaszSigmoid` of `lovasz`. */
  lovaszSigmoid(options?: AdaptedOptions<LovaszSigmoidOptions>): TfLoss<S, T>;
}

// the operations of the module, with simpler types
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
 * The Lovász losses for TensorFlow.js, whose module the caller passes as `tf`. Options are those of the losses themselves, with
 * `layout: "NHWC"` by default.
 *
 * Throws `LovaszError` "option" if `tf` is not the module.
 *
 * @example
 * ```js
 * import * as tf from "@tensorflow/tfjs";
 * import { tfLosses } from "lovasz/tfjs";
 *
 * const model = tf.sequential({ layers: [tf.layers.conv2d({ filters: 1, kernelSize: 3, padding: "same", inputShape: [8, 8, 3] })] });
 * model.compile({ optimizer: "adam", loss: tfLosses(tf).lovaszHinge() });
 * await model.fit(tf.randomNormal([4, 8, 8, 3]), tf.zeros([4, 8, 8, 1]), { epochs: 1, verbose: 0 });
 * ```
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
        // scaled here, as a product with a scalar takes the backends longer than the loss
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
      // the gradient of sum(predictions * grad) by the weights is that of the loss
      optimizer.minimize(() => tf.sum(tf.mul(forward(), grad)));
    } finally {
      grad.dispose();
    }
    return value;
  };

  return Object.assign(loss, { valueAndGradAsync, minimizeAsync });
}

const scaled = (grad: Float32Array, factor: number): Float32Array => (factor === 1 ? grad : grad.map((derivative) => derivative * factor));

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
