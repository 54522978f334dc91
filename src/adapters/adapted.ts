// What the adapters share: their losses and options, and one call of a loss on the plain numbers of a trainer.
import { LovaszError } from "../errors.js";
import { LOVASZ_OPTIONS } from "../losses/binaryArguments.js";
import type { Layout } from "../losses/channels.js";
import type { Labels } from "../losses/labels.js";
import { lovaszHinge } from "../losses/lovaszHinge.js";
import { lovaszSigmoid } from "../losses/lovaszSigmoid.js";
import { lovaszSoftmax } from "../losses/lovaszSoftmax.js";
import type { LovaszSoftmaxOptions } from "../losses/softmaxArguments.js";
import { type ValueAndGrad, valueAndGrad } from "../losses/valueAndGrad.js";
import { choice, describe, knownOptions } from "../options.js";
import { show } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { LossName } from "./lossName.js";
import { watchProbabilities } from "./probabilities.js";

/** The options of the loss itself, except `shape`, which the tensors have, and `reduction`, as a trainer needs a scalar. */
export type AdaptedOptions<Options> = Omit<Options, "shape" | "reduction">;

type AnyLoss = (input: Float32Array | Tensor, labels: Labels, options?: LovaszSoftmaxOptions) => Tensor;

const LOSSES: Readonly<Record<LossName, { loss: AnyLoss; more: readonly string[] }>> = {
  lovaszHinge: { loss: lovaszHinge, more: [] },
  lovaszSoftmax: { loss: lovaszSoftmax, more: ["fromLogits", "classes", "classWeights"] },
  lovaszSigmoid: { loss: lovaszSigmoid, more: ["fromLogits"] },
};

/** The contents of a trainer's tensor. */
export interface Read {
  readonly values: ArrayLike<number>;
  /** Undefined for a plain list. */
  readonly shape?: readonly number[];
}

/** The names of predictions and labels in a trainer, for messages. */
export interface ArgumentNames {
  readonly outputs: string;
  readonly labels: string;
}

/** Calls a loss with fixed options: its value, and a new array with its gradient by the outputs. */
export type Compute = (outputs: Float32Array, shape: readonly number[], labels: Read) => ValueAndGrad;

/**
 * The loss `name` with `options`, which are checked at once rather than during a training; `layout` is the default of the trainer.
 * Warns once where outputs look like probabilities and `fromLogits` is left out.
 */
export function adapted(name: LossName, options: object, layout: Layout, names: ArgumentNames): Compute {
  const { loss, more } = LOSSES[name];
  const known = LOVASZ_OPTIONS.filter((option) => option !== "shape" && option !== "reduction");
  knownOptions(name, options, [...known, ...more]);
  const given = options as LovaszSoftmaxOptions;
  const fixed = { ...given, layout: choice(name, "layout", given.layout, ["NCHW", "NHWC"], layout) };
  const call = valueAndGrad(loss);
  const watch = given.fromLogits === undefined ? watchProbabilities(name, fixed.layout, names.outputs) : null;
  return (outputs, shape, labels) => {
    checkLabelShape(name, shape, labels, fixed.layout, names);
    watch?.(outputs, shape);
    const seen = name !== "lovaszSoftmax" && given.perImage === undefined ? rowsAsPixels(shape) : shape;
    return call(outputs, labels.values, { ...fixed, shape: seen });
  };
}

/**
 * Takes a column of logits [P, 1], the output of a dense layer for P pixels, as one image, like [P, C] for Lovász-Softmax. The loss
 * of P images of one pixel each would be the mean hinge.
 */
function rowsAsPixels(shape: readonly number[]): readonly number[] {
  return shape.length === 2 && shape[1] === 1 ? [shape[0]] : shape;
}

// Labels of the right count but with axes in another order would silently train on nonsense. Axes of length 1 make no difference.
function checkLabelShape(name: LossName, outputs: readonly number[], labels: Read, layout: Layout, names: ArgumentNames): void {
  const { shape } = labels;
  if (shape === undefined || shape.length === 1) return;
  const fitting = [outputs];
  if (name === "lovaszSoftmax") {
    const axis = layout === "NHWC" || outputs.length === 2 ? outputs.length - 1 : 1;
    fitting.unshift(outputs.filter((_, i) => i !== axis));
  }
  if (fitting.some((one) => essence(one) === essence(shape))) return;
  const expected = fitting.map((one) => show(one)).join(" (class numbers) or ");
  throw new LovaszError(
    "shape",
    `${name}: ${names.labels} has shape ${show(shape)}, expected ${expected}${fitting.length > 1 ? " (one-hot)" : ""} ` +
      `for ${names.outputs} of shape ${show(outputs)} in ${layout}`,
  );
}

const essence = (shape: readonly number[]): string => shape.filter((extent) => extent !== 1).join();

/** Throws unless `module` has a function at each of `paths`, such as "numpy.array"; `call` and `hint` are for the message. */
export function checkModule(call: string, argument: string, module: unknown, paths: readonly string[], hint: string): void {
  for (const path of paths) {
    let member: unknown = module;
    for (const key of path.split(".")) member = (member as Record<string, unknown> | null | undefined)?.[key];
    if (typeof member === "function") continue;
    const came = module === null || typeof module !== "object" ? describe(module) : `an object without ${path}()`;
    throw new LovaszError("option", `${call}: ${argument} is ${came}, expected the module itself: ${hint}`);
  }
}
