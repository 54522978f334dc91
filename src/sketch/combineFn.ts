import { LovaszError } from "../errors.js";
import type { LossInput } from "../losses/input.js";
import type { Labels } from "../losses/labels.js";
import { describe, isPlain, knownOptions } from "../options.js";
import type { Shape } from "../tensor/shape.js";
import { fromBytes } from "./fromBytes.js";
import { merge } from "./merge.js";
import { type SketchOptions, sketch } from "./sketch.js";
import { checkLoss, type SketchLoss, type Summary } from "./summary.js";
import { toBytes } from "./toBytes.js";
import { type WeighOptions, weigh } from "./weigh.js";
import type { Weights } from "./weights.js";

/** Options of `combineFn`: those of `sketch` and `weigh`. */
export type CombineOptions = Omit<SketchOptions, "shape"> & WeighOptions;

/** An element of the data: what `sketch` takes. */
export interface CombineInput {
  /** Logits. */
  values: LossInput;
  /** The labels of their pixels. */
  labels: Labels;
  /** The shape of `values` if they are a Float32Array. Default: one flat image. */
  shape?: Shape;
}

/** The four functions of a combine step, as Apache Beam and engines like it call them. None changes its arguments. */
export interface CombineFn {
  /** An accumulator of no data. */
  createAccumulator(): Uint8Array;
  /** The accumulator with one more element. */
  addInput(accumulator: Uint8Array, input: CombineInput): Uint8Array;
  /** The accumulator of the data of all `accumulators`, in whatever order they come. */
  mergeAccumulators(accumulators: Iterable<Uint8Array>): Uint8Array;
  /** The loss of all data, for `apply`, too. Of no data, its value is 0. */
  extractOutput(accumulator: Uint8Array): Weights;
}

/**
 * The loss of a data set as the combine function of an engine for distributed data. Accumulators are bytes, which any engine can keep and send;
 * the result is the same to the bit in whatever order the engine combines them.
 *
 * Its functions throw the errors of `sketch`, `merge`, `weigh` and `fromBytes`.
 *
 * Source of the shape: https://beam.apache.org/documentation/programming-guide/#advanced-combines
 *
 * @example
 * ```js
 * import { combineFn } from "lovasz/sketch";
 *
 * const { createAccumulator, addInput, mergeAccumulators, extractOutput } = combineFn("hinge", { ignore: 255 });
 * const left = addInput(createAccumulator(), { values: Float32Array.of(0.5, -2), labels: [1, 0] });
 * const right = addInput(createAccumulator(), { values: Float32Array.of(3, 1), labels: [1, 255] });
 * console.log(extractOutput(mergeAccumulators([left, right])).value.toFixed(2)); // 0.25
 * ```
 */
export function combineFn(loss: SketchLoss, options: CombineOptions = {}): CombineFn {
  const call = "combineFn(loss, options)";
  checkLoss(call, loss);
  knownOptions(call, options, ["ignore", "bins", "classes"]);
  const { classes, ...counting } = options;
  const weighing = classes === undefined ? {} : { classes };
  // checks the options before there is data
  const none = sketch(loss, new Float32Array(0), [], { ...counting, shape: loss === "softmax" ? [0, 1] : [0] });
  return {
    createAccumulator: () => new Uint8Array(0),
    addInput: (accumulator, input) => {
      const { values, labels, shape } = inputOf(input);
      const one = sketch(loss, values, labels, shape === undefined ? counting : { ...counting, shape });
      return toBytes(isEmpty(accumulator) ? one : merge(fromBytes(accumulator), one));
    },
    mergeAccumulators: (accumulators) => {
      let all: Summary | null = null;
      for (const accumulator of accumulators) {
        if (isEmpty(accumulator)) continue;
        const one = fromBytes(accumulator);
        all = all ? merge(all, one) : one;
      }
      return all ? toBytes(all) : new Uint8Array(0);
    },
    extractOutput: (accumulator) => (isEmpty(accumulator) ? weigh(none) : weigh(fromBytes(accumulator), weighing)),
  };
}

function inputOf(input: CombineInput): CombineInput {
  if (isPlain(input) && "values" in input && "labels" in input) return input;
  throw new LovaszError("option", `addInput(accumulator, input): input is ${describe(input)}, expected { values, labels, shape }`);
}

// Anything but bytes is left to `fromBytes`, which says what is wrong with it.
const isEmpty = (accumulator: Uint8Array) => ArrayBuffer.isView(accumulator) && accumulator.byteLength === 0;
