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
import { type Part, readPart } from "./summary.js";
import type { Weights } from "./weigh.js";

/** Options of `apply`, which must be those of `sketch`. */
export type ApplyOptions = Omit<SketchOptions, "bins">;

/**
 * The gradient of the whole loss by the logits of one part, which are given as they were to `sketch`; in their order.
 *
 * Throws `LovaszError` "shape", "label", "nan" or "option".
 */
export function apply(weights: Weights, values: LossInput, labels: Labels, options: ApplyOptions = {}): Float32Array {
  const call = "apply(weights, values, labels, options)";
  knownOptions(call, options, ["shape", "ignore"]);
  const known = checkWeights(call, weights);
  return tidy(() =>
    noGrad(() => {
      const part = readPart(call, known.loss, values, labels, options);
      const [, classes] = part.shape;
      const own = known.slopes.length / 2 / (known.bins + 1);
      if (own !== classes) {
        throw new LovaszError("shape", `${call}: the values have ${classes} classes, but the weights are of ${own}`);
      }
      refuseUnseen(call, part.range, known.range);
      const gradient = gradientOf(known, part);
      return (part.last ? transpose(gradient, [0, 2, 1]) : gradient).data.slice();
    }),
  );
}

function gradientOf({ bins, range, slopes: all }: Weights, { shape, bin, back }: Part): Tensor {
  const [images, classes, pixels] = shape;
  const table = Tensor.empty([2 * (bins + 1)]);
  const slopes = Tensor.empty(shape);
  bin(slopes.pointer, table.pointer, bins, range);
  for (let c = 0; c < classes; c++) {
    table.data.set(all.subarray(c * table.size, (c + 1) * table.size));
    for (let i = 0; i < images; i++) {
      kernels.gradientOfBins(slopes.pointer + 4 * (i * classes + c) * pixels, 0, pixels, table.pointer, table.pointer);
    }
  }
  back(slopes.pointer);
  return slopes;
}

// errors beyond the range were in no summary, and have no slope
function refuseUnseen(call: string, own: number, range: number): void {
  if (own <= range) return;
  const came = `the values have errors of up to ${own}, but the weights are of data with errors below ${range}`;
  throw new LovaszError("option", `${call}: ${came}; give the values that were given to sketch()`);
}
