import { tidy } from "../tensor/scope.js";
import { record, recorded } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { fused } from "./fused.js";
import type { LossInput } from "./input.js";
import type { Labels } from "./labels.js";
import { givenProbabilities, lovaszClasses, type Probabilities, softmaxOf, throughSoftmax } from "./lovaszClasses.js";
import { sumOfShares } from "./part.js";
import { type LovaszSoftmaxOptions, readSoftmax } from "./softmaxArguments.js";

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
  return tidy(() => {
    const { input, at, classOf, fromLogits, perImage, mean, settings } = readSoftmax(first, labels, options);
    const { x } = at;
    const counted = settings.bins > 0;
    const probabilities = fromLogits ? softmaxOf("lovaszSoftmax", x, classOf, counted, at) : givenProbabilities(x, classOf, counted);
    const lossesOf = (slopes: number) => lovaszClasses(probabilities, classOf, slopes, settings);
    // in the order of the input, the gradient is its own
    if (mean) return meanLoss(x.storage === input.storage ? input : x, lossesOf, probabilities, options);
    const slopes = Tensor.empty(x.shape);
    const groups = lossesOf(slopes.pointer);
    // without images, each class has a loss of 0
    const values = perImage ? groups.map(sum) : (groups[0] ?? new Array<number>(at.classes).fill(0));
    return withSlopes(x, values, slopes, probabilities, !perImage);
  });
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

// one loss in the graph, which keeps its gradient by the input
function meanLoss(x: Tensor, lossesOf: (slopes: number) => number[][], { p, softmax }: Probabilities, options: object): Tensor {
  return fused(x, [], (gradient) => {
    const loss = sumOfShares(options, lossesOf(gradient).map(sum));
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
