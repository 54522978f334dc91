import { flag, knownOptions } from "../options.js";
import { tidy } from "../tensor/scope.js";
import { record, recorded } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { channels, checkLayout } from "./channels.js";
import { fused } from "./fused.js";
import { type LossInput, lossInput } from "./input.js";
import type { Labels } from "./labels.js";
import { LOVASZ_OPTIONS, type LovaszOptions } from "./lovaszBinary.js";
import {
  checkClasses,
  checkClassWeights,
  givenProbabilities,
  lovaszClasses,
  type Probabilities,
  softmaxOf,
  throughSoftmax,
} from "./lovaszClasses.js";
import { methodOf } from "./method.js";
import { lossOptions } from "./options.js";
import { refuseImprobable } from "./range.js";
import { readClasses } from "./targets.js";
import { pixelWeights } from "./weights.js";

/** Options of `lovaszSoftmax`. */
export interface LovaszSoftmaxOptions extends LovaszOptions {
  /** Whether the input holds logits, or else probabilities. Default true. */
  fromLogits?: boolean;
  /** Which classes count: those with a pixel in the labels, all, or those listed. Default `"present"`. */
  classes?: "present" | "all" | readonly number[];
  /** Factors on the losses of the classes, before their mean; at least 0. Default: 1 each. */
  classWeights?: readonly number[] | Float32Array | null;
}

/** Names of the options above. */
export const SOFTMAX_OPTIONS = [...LOVASZ_OPTIONS, "fromLogits", "classes", "classWeights"] as const;

/**
 * The Lovász-Softmax loss: logits (or probabilities) [B, C, ...] with labels [B, ...] in 0..C-1, or [P, C] with [P]; one-hot
 * labels have the shape of the input, and a row of zeros is void. For each class the Lovász extension of its Jaccard loss at
 * the errors |[label is the class] - probability|; their mean over classes, over all images together or (`perImage`) in
 * each. `reduction: "none"` gives a loss for each class, 0 for one that does not count, or (`perImage`) for each image.
 *
 * Throws `LovaszError` "shape", "label", "nan" or "option".
 * Source: Berman, Rannen Triki, Blaschko (CVPR 2018), equations 9 to 12.
 */
export function lovaszSoftmax(first: LossInput, labels: Labels, options: LovaszSoftmaxOptions = {}): Tensor {
  const call = "lovaszSoftmax";
  knownOptions(call, options, SOFTMAX_OPTIONS);
  const { perImage, mean } = lossOptions(call, options, false);
  const fromLogits = flag(call, "fromLogits", options.fromLogits, true);
  const layout = checkLayout(call, options.layout);
  const bins = methodOf(call, options);
  return tidy(() => {
    const input = lossInput(call, first, options.shape);
    const at = channels(call, input, layout, "multiclass");
    const { x, images, classes, pixels } = at;
    const classOf = readClasses(call, labels, at, options.ignore);
    if (!fromLogits) refuseImprobable(call, x, classOf, { images, classes, pixels, from: at });
    const probabilities = fromLogits ? softmaxOf(call, x, classOf, bins > 0, at) : givenProbabilities(x, classOf, bins > 0);
    const settings = {
      bins,
      weights: pixelWeights(call, options.pixelWeights, images * pixels),
      classes: checkClasses(call, options.classes, classes),
      classWeights: checkClassWeights(call, options.classWeights, classes),
      groupSize: perImage ? 1 : Math.max(images, 1),
      divide: mean || perImage,
      share: mean && perImage ? 1 / images : 1,
    };
    const lossesOf = (slopes: number) => lovaszClasses(probabilities, classOf, slopes, settings);
    // in the order of the input, the gradient is its own
    if (mean) return meanLoss(x.storage === input.storage ? input : x, lossesOf, probabilities);
    const slopes = Tensor.empty(x.shape);
    const groups = lossesOf(slopes.pointer);
    const values = perImage ? groups.map(sum) : groups.length > 0 ? groups[0] : [];
    return withSlopes(x, values, slopes, probabilities, !perImage);
  });
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

// one loss in the graph, which keeps its gradient by the input
function meanLoss(x: Tensor, lossesOf: (slopes: number) => number[][], { p, softmax }: Probabilities): Tensor {
  return fused(x, [], (gradient) => {
    const loss = sum(lossesOf(gradient).map(sum));
    if (softmax && recorded([x])) throughSoftmax(p, softmax.top, gradient, 1, gradient);
    return [loss];
  });
}

// several losses in the graph: on the way back, each scales its slopes, and these pass through the softmax
function withSlopes(x: Tensor, values: number[], slopes: Tensor, { p, softmax }: Probabilities, byClass: boolean): Tensor {
  const out = Tensor.empty([values.length]);
  out.data.set(values);
  const saved = softmax ? [slopes, p, softmax.top] : [slopes];
  return record(out, [x], saved, (g, q, top) => (upstream) => {
    const gradient = scaled(g, upstream, byClass);
    if (top) throughSoftmax(q, top, gradient.pointer, 1, gradient.pointer);
    return [gradient];
  });
}

// slopes [images, classes, pixels] times the upstream gradient of their class or image
function scaled(slopes: Tensor, upstream: Tensor, byClass: boolean): Tensor {
  const out = Tensor.empty(slopes.shape);
  const factors = upstream.data.slice();
  const [images, classes, pixels] = slopes.shape;
  for (let plane = 0; plane < images * classes; plane++) {
    const factor = factors[byClass ? plane % classes : Math.floor(plane / classes)];
    kernels.scaleRow_f32(slopes.pointer + 4 * plane * pixels, factor, out.pointer + 4 * plane * pixels, pixels);
  }
  return out;
}
