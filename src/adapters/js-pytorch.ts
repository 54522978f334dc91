/**
 * The Lovász losses as operations in the graph of js-pytorch.
 * @module lovasz/js-pytorch
 */

import { counted } from "../counted.js";
import { LovaszError } from "../errors.js";
import type { LovaszOptions, LovaszSigmoidOptions, LovaszSoftmaxOptions } from "../index.js";
import { describe } from "../options.js";
import { sizeOf } from "../tensor/shape.js";
import { type AdaptedOptions, adapted, type Compute, checkModule, type Read } from "./adapted.js";
import type { LossName } from "./lossName.js";

export type { AdaptedOptions } from "./adapted.js";

/** The members of a js-pytorch tensor, a node of its graph, that the losses use. */
export interface TorchTensor {
  readonly data: unknown[];
  readonly shape: number[];
  requires_grad: boolean;
  parents: unknown[];
  children: unknown[];
  operation: unknown;
  backward(gradient?: this | null, child?: this | null): void;
}

/** The method of the js-pytorch object `torch` that the losses use; `T` is its tensor. */
export interface TorchModule<T extends TorchTensor> {
  tensor(data: unknown[], requiresGrad?: boolean): T;
}

/** Nested arrays, as js-pytorch holds its values. */
export type Nested = ArrayLike<number | Nested>;

/**
 * A loss like those of js-pytorch. Outputs are [*, C] with the classes last, or of any shape for hinge and sigmoid. Labels (a tensor,
 * nested arrays or a typed array) are one-hot, or the class of each pixel, or 0 or 1 for each output.
 *
 * Throws the `LovaszError` of the loss itself, and "shape" for outputs or labels of a wrong kind or shape.
 */
export interface TorchLoss<T extends TorchTensor> {
  /** The loss as a tensor of one element whose `backward()` reaches the model. */
  forward(outputs: T, labels: T | Nested): T;
}

/** The result of `torchLosses`. Each method takes the options of a loss and returns the loss. */
export interface TorchLosses<T extends TorchTensor> {
  /** The Lovász hinge loss of binary logits, see `lovaszHinge` of `lovasz`. */
  lovaszHinge(options?: AdaptedOptions<LovaszOptions>): TorchLoss<T>;
  /** The Lovász-Softmax loss of several classes, see `lovaszSoftmax` of `lovasz`. */
  lovaszSoftmax(options?: AdaptedOptions<LovaszSoftmaxOptions>): TorchLoss<T>;
  /** The Lovász loss of the sigmoid of binary logits, see `lovaszSigmoid` of `lovasz`. */
  lovaszSigmoid(options?: AdaptedOptions<LovaszSigmoidOptions>): TorchLoss<T>;
}

const NAMES = { outputs: "outputs", labels: "labels" };

/**
 * The Lovász losses for js-pytorch, whose `torch` object the caller passes. Options are those of the losses themselves, with
 * `layout: "NHWC"` by default, as the layers of js-pytorch have the channels last.
 *
 * Throws `LovaszError` "option" if `torch` is not the library's object of that name.
 *
 * @example
 * ```js
 * import { torch } from "js-pytorch";
 * import { torchLosses } from "lovasz/js-pytorch";
 *
 * const outputs = torch.tensor([[0.5], [-2], [3]], true);
 * const loss = torchLosses(torch).lovaszHinge().forward(outputs, [1, 0, 1]);
 * loss.backward();
 * console.log(loss.data[0].toFixed(2)); // 0.25
 * ```
 */
export function torchLosses<T extends TorchTensor>(torch: TorchModule<T>): TorchLosses<T> {
  checkModule("torchLosses(torch)", "torch", torch, ["tensor"], 'import { torch } from "js-pytorch"');
  const make = (name: LossName, options: object) => torchLoss(torch, name, adapted(name, options, "NHWC", NAMES));
  return {
    lovaszHinge: (options = {}) => make("lovaszHinge", options),
    lovaszSoftmax: (options = {}) => make("lovaszSoftmax", options),
    lovaszSigmoid: (options = {}) => make("lovaszSigmoid", options),
  };
}

function torchLoss<T extends TorchTensor>(torch: TorchModule<T>, name: LossName, compute: Compute): TorchLoss<T> {
  return {
    forward(outputs, labels) {
      if (!isTensor(outputs)) {
        throw new LovaszError("shape", `${name}: outputs is ${describe(outputs)}, expected a tensor of js-pytorch`);
      }
      const shape = [...outputs.shape];
      const values = flat(name, "outputs", outputs.data as Nested, new Float32Array(sizeOf(shape)));
      const { value, grad } = compute(values, shape, readLabels(name, labels));
      const loss = torch.tensor([value], outputs.requires_grad);
      if (!outputs.requires_grad) return loss;
      loss.parents.push(outputs);
      outputs.children.push(loss);
      loss.operation = {
        backward(upstream: T, child: T) {
          const factor = upstream.data[0] as number;
          outputs.backward(torch.tensor(nested(grad, factor, shape)), child);
        },
      };
      return loss;
    },
  };
}

function readLabels(name: string, labels: unknown): Read {
  const data = isTensor(labels) ? labels.data : labels;
  if (ArrayBuffer.isView(data)) return { values: data as Uint8Array };
  if (!Array.isArray(data)) {
    throw new LovaszError(
      "label",
      `${name}: labels is ${describe(labels)}, expected a tensor of js-pytorch, nested arrays or a typed array`,
    );
  }
  const shape: number[] = [];
  for (let level: unknown = data; Array.isArray(level); level = level[0]) shape.push(level.length);
  return { values: flat(name, "labels", data, new Float64Array(sizeOf(shape))), shape };
}

// the numbers of `data` in C order, written to `out`
function flat<Out extends Float32Array | Float64Array>(name: string, argument: string, data: Nested, out: Out): Out {
  let at = 0;
  const walk = (level: Nested): void => {
    for (let i = 0; i < level.length; i++) {
      const entry = level[i];
      if (typeof entry === "number") out[at++] = entry;
      else if (Array.isArray(entry) || ArrayBuffer.isView(entry)) walk(entry);
      else throw new LovaszError("data", `${name}: ${argument} holds ${describe(entry)}, expected numbers in nested arrays`);
    }
  };
  walk(data);
  if (at === out.length) return out;
  throw new LovaszError("shape", `${name}: ${argument} has ${counted(at, "number")}, expected ${out.length}: its rows differ in length`);
}

// `factor` times the numbers of `values`, nested as `shape` says
function nested(values: Float32Array, factor: number, shape: readonly number[]): unknown[] {
  let at = 0;
  const level = (axis: number): unknown[] =>
    Array.from({ length: shape[axis] }, () => (axis === shape.length - 1 ? values[at++] * factor : level(axis + 1)));
  return level(0);
}

function isTensor(value: unknown): value is TorchTensor {
  const { shape, data, backward } = (value ?? {}) as Partial<TorchTensor>;
  return Array.isArray(shape) && Array.isArray(data) && typeof backward === "function";
}
