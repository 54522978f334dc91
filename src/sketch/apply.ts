import { counted } from "../counted.js";
import { LovaszError } from "../errors.js";
import type { LossInput } from "../losses/input.js";
import type { Labels } from "../losses/labels.js";
import { transpose } from "../ops/transpose.js";
import { knownOptions } from "../options.js";
import { tidy } from "../tensor/scope.js";
import { noGrad } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { checkWeights } from "./checkWeights.js";
import type { SketchOptions } from "./sketch.js";
import { type Chunk, readChunk } from "./summary.js";
import type { Weights } from "./weights.js";

/** Options of `apply`, the same as were given to `sketch`. */
export type ApplyOptions = Omit<SketchOptions, "bins">;

/**
 * Computes the gradient of the loss of all data by the logits of one chunk, in their order. Pass the same `values`, `labels` and
 * options as to `sketch`.
 *
 * Throws `LovaszError` "shape", "label", "nan" or "option".
 *
 * @example
 * ```js
 * import { apply, merge, sketch, weigh } from "lovasz/sketch";
 *
 * const chunks = [[Float32Array.of(0.5, -2), [1, 0]], [Float32Array.of(3), [0]]];
 * const weights = weigh(merge(...chunks.map(([logits, labels]) => sketch("hinge", logits, labels))));
 * console.log(chunks.map(([logits, labels]) => apply(weights, logits, labels).length)); // [ 2, 1 ]
 * ```
 */
export function apply(weights: Weights, values: LossInput, labels: Labels, options: ApplyOptions = {}): Float32Array {
  const call = "apply(weights, values, labels, options)";
  knownOptions(call, options, ["shape", "ignore"]);
  const known = checkWeights(call, weights);
  return tidy(() =>
    noGrad(() => {
      const chunk = readChunk(call, known.loss, values, labels, options);
      const [, classes] = chunk.shape;
      const own = known.slopes.length / 2 / (known.bins + 1);
      if (own !== classes) {
        throw new LovaszError("shape", `${call}: the values have ${counted(classes, "class", "classes")}, but the weights are of ${own}`);
      }
      refuseUnseen(call, chunk.range, known.range);
      const gradient = gradientOf(known, chunk);
      return (chunk.last ? transpose(gradient, [0, 2, 1]) : gradient).data.slice();
    }),
  );
}

function gradientOf({ bins, range, slopes: weights }: Weights, { shape, toBins, backward }: Chunk): Tensor {
  const [images, classes, pixels] = shape;
  const table = Tensor.empty([2 * (bins + 1)]);
  const gradient = Tensor.empty(shape);
  toBins(gradient.pointer, table.pointer, bins, range);
  for (let c = 0; c < classes; c++) {
    table.data.set(weights.subarray(c * table.size, (c + 1) * table.size));
    for (let i = 0; i < images; i++) {
      kernels.gradientOfBins(gradient.pointer + 4 * (i * classes + c) * pixels, 0, pixels, table.pointer, table.pointer);
    }
  }
  backward(gradient.pointer);
  return gradient;
}

// errors beyond the range were in no summary, so the weights say nothing about them
function refuseUnseen(call: string, own: number, range: number): void {
  if (own <= range) return;
  const came = `the values have errors of up to ${own}, but the weights are of data with errors below ${range}`;
  throw new LovaszError("option", `${call}: ${came}; pass the values that sketch() summarised`);
}
