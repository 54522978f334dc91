import { flag, knownOptions } from "../options.js";
import { tidy } from "../tensor/scope.js";
import { record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { channels, checkLayout } from "./channels.js";
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
  tileRoom,
} from "./lovaszClasses.js";
import { methodOf } from "./method.js";
import { lossOptions } from "./options.js";
import { refuseImprobable } from "./range.js";
import { readClasses } from "./targets.js";
import { pixelWeights } from "./weights.js";

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
    const at = channels(call, lossInput(call, first, options.shape), layout, "multiclass");
    const { x, images, classes, pixels } = at;
    const classOf = readClasses(call, labels, at, options.ignore);
    if (!fromLogits) refuseImprobable(call, x, classOf, { images, classes, pixels, from: at });
    const probabilities = fromLogits ? softmaxOf(call, x, classOf, bins > 0, at) : givenProbabilities(x, classOf, bins > 0);
    const slopes = Tensor.empty(x.shape);
    const groups = lovaszClasses(probabilities, classOf, slopes, {
      bins,
      weights: pixelWeights(call, options.pixelWeights, images * pixels),
      classes: checkClasses(call, options.classes, classes),
      classWeights: checkClassWeights(call, options.classWeights, classes),
      groupSize: perImage ? 1 : Math.max(images, 1),
      divide: mean || perImage,
      share: mean && perImage ? 1 / images : 1,
    });
    const perGroup = groups.map(sum);
    const values = mean ? [sum(perGroup)] : perImage ? perGroup : groups.length > 0 ? groups[0] : [];
    return withSlopes(x, values, mean ? [] : [values.length], slopes, probabilities, !perImage);
  });
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

// the losses in the graph: on the way back, each scales its slopes, and these pass through the softmax
function withSlopes(x: Tensor, values: number[], shape: number[], slopes: Tensor, { p, softmax }: Probabilities, byClass: boolean): Tensor {
  const out = Tensor.empty(shape);
  out.data.set(values);
  const [images, classes, pixels] = x.shape;
  const saved = softmax ? [slopes, p, softmax.top] : [slopes];
  return record(out, [x], saved, (g, q, largest) => (upstream) => {
    if (!largest) return [scaled(g, upstream, byClass)];
    // one factor for all is left to the softmax
    const [factor, from] = upstream.size === 1 ? [upstream.item(), g] : [1, scaled(g, upstream, byClass)];
    const gradient = from === g ? Tensor.empty(g.shape) : from;
    const room = tileRoom(classes);
    for (let i = 0; i < images; i++) {
      const at = 4 * i * classes * pixels;
      const row = largest.pointer + 4 * i * pixels;
      kernels.softmaxSlopes_f32(q.pointer + at, row, from.pointer + at, factor, gradient.pointer + at, classes, pixels, room.pointer);
    }
    return [gradient];
  });
}

// slopes [images, classes, pixels] times the one upstream gradient, or that of their class or image
function scaled(slopes: Tensor, upstream: Tensor, byClass: boolean): Tensor {
  const out = Tensor.empty(slopes.shape);
  const factors = upstream.data.slice();
  if (factors.length === 1) {
    kernels.scale_f32(slopes.pointer, factors[0], out.pointer, out.size);
    return out;
  }
  const [images, classes, pixels] = slopes.shape;
  for (let plane = 0; plane < images * classes; plane++) {
    const factor = factors[byClass ? plane % classes : Math.floor(plane / classes)];
    kernels.scaleRow_f32(slopes.pointer + 4 * plane * pixels, factor, out.pointer + 4 * plane * pixels, pixels);
  }
  return out;
}
