import { LovaszError } from "../errors.js";
import type { LossInput } from "../losses/input.js";
import type { Labels } from "../losses/labels.js";
import { tileRoom } from "../losses/lovaszClasses.js";
import { errorRange } from "../losses/method.js";
import { transpose } from "../ops/transpose.js";
import { describe, knownOptions } from "../options.js";
import { tidy } from "../tensor/scope.js";
import { noGrad } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import type { SketchOptions } from "./sketch.js";
import { checkLoss, type Part, positiveLabel, readPart } from "./summary.js";
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
  if (!(weights?.slopes instanceof Float32Array)) {
    throw new LovaszError("option", `${call}: weights is ${describe(weights)}, expected what weigh() returned, its typed array intact`);
  }
  checkLoss(call, weights.loss);
  return tidy(() =>
    noGrad(() => {
      const part = readPart(call, weights.loss, values, labels, options);
      if (weights.slopes.length !== part.classes * 2 * (weights.bins + 1)) {
        const known = weights.slopes.length / 2 / (weights.bins + 1);
        throw new LovaszError("shape", `${call}: the values have ${part.classes} classes, but the weights are of ${known}`);
      }
      const gradient = gradientOf(call, weights, part);
      return (part.last ? transpose(gradient, [0, 2, 1]) : gradient).data.slice();
    }),
  );
}

function gradientOf(call: string, { loss, bins, range, slopes: all }: Weights, part: Part): Tensor {
  const { kind, classes, count: n, classOf, probabilities } = part;
  const shape = probabilities ? probabilities.p.shape : [1, 1, n];
  const [images, , pixels] = shape;
  const errors = Tensor.empty([n]).pointer;
  const plane = Tensor.empty([n]).pointer;
  const table = Tensor.empty([2 * (bins + 1)]);
  const slopes = Tensor.empty(shape);
  for (let c = 0; c < classes; c++) {
    table.data.set(all.subarray(c * table.size, (c + 1) * table.size));
    part.errorsOf(c, errors);
    refuseUnseen(call, kind, errors, n, range);
    kernels.applyBins(kind, errors, classOf.pointer, 0, positiveLabel(loss, c), n, bins, range, 0, table.pointer, plane);
    kernels.copyBlocks_f32(plane, pixels, slopes.pointer + 4 * c * pixels, classes * pixels, pixels, images);
  }
  if (!probabilities?.softmax) return slopes;
  const room = tileRoom(classes).pointer;
  for (let i = 0; i < images; i++) {
    const at = 4 * i * classes * pixels;
    const [p, top] = [probabilities.p.pointer + at, probabilities.softmax.top.pointer + 4 * i * pixels];
    kernels.softmaxSlopes_f32(p, top, slopes.pointer + at, 1, slopes.pointer + at, classes, pixels, room);
  }
  return slopes;
}

// errors beyond the range were in no summary, and have no slope
function refuseUnseen(call: string, kind: number, errors: number, n: number, range: number): void {
  const own = errorRange(kind, errors, n);
  if (own <= range) return;
  const came = `the values have errors of up to ${own}, but the weights are of data with errors below ${range}`;
  throw new LovaszError("option", `${call}: ${came}; give the values that were given to sketch()`);
}
