import { tidy } from "../tensor/scope.js";
import { record, recorded } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { parallel, threadCount } from "../wasm/parallel.js";
import { sumOfShares } from "./batch.js";
import { fused } from "./fused.js";
import type { LossInput } from "./input.js";
import type { Labels } from "./labels.js";
import { givenProbabilities, lovaszClasses, type Probabilities, softmaxOf, throughSoftmax } from "./lovaszClasses.js";
import { type LovaszSoftmaxOptions, readSoftmax } from "./softmaxArguments.js";

/**
 * The Lovász-Softmax loss of logits (or probabilities) [B, C, ...] with labels [B, ...] in 0..C-1, or [P, C] with labels [P].
 * One-hot labels have the shape of the input; a row of zeros marks an ignored pixel. The loss of a class is the Lovász extension of
 * its Jaccard loss at the errors |[label is the class] - probability|, over all images together or (`perImage`) in each image. The
 * result is the mean over the classes. `reduction: "none"` returns a loss for each class, 0 for classes that do not count, or with
 * `perImage` a loss for each image.
 *
 * Throws `LovaszError` "shape", "label", "nan" or "option".
 * Source: Berman, Rannen Triki, Blaschko (CVPR 2018), equations 9 to 12.
 *
 * @example
 * ```js
 * import { lovaszSoftmax, tensor } from "lovasz";
 *
 * const logits = tensor([[0, 0], [0, 0]], undefined, { requiresGrad: true });
 * const loss = lovaszSoftmax(logits, [0, 1]);
 * loss.backward();
 * console.log(loss.item()); // 0.5
 * console.log(logits.grad.toArray()); // [ [ -0.125, 0.125 ], [ 0.125, -0.125 ] ]
 * ```
 */
export function lovaszSoftmax(input: LossInput, labels: Labels, options: LovaszSoftmaxOptions = {}): Tensor {
  return tidy(() => {
    const { input: whole, at, classOf, fromLogits, perImage, mean, settings } = readSoftmax(input, labels, options);
    const { x } = at;
    const counted = settings.bins > 0;
    const probabilities = fromLogits ? softmaxOf("lovaszSoftmax", x, classOf, counted, at) : givenProbabilities(x, classOf, counted);
    const lossesOf = (gradient: number) => lovaszClasses(probabilities, classOf, gradient, settings);
    // where x shares the memory of the input, no reordering is needed between their gradients
    if (mean) return meanLoss(x.storage === whole.storage ? whole : x, lossesOf, probabilities, options);
    const gradient = Tensor.empty(x.shape);
    const groups = lossesOf(gradient.pointer);
    // without images, each class has a loss of 0
    const values = perImage ? groups.map(sum) : (groups[0] ?? new Array<number>(at.classes).fill(0));
    return withGradient(x, values, gradient, probabilities, !perImage);
  });
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

// a single loss in the graph, which keeps its gradient by the input
function meanLoss(x: Tensor, lossesOf: (gradient: number) => number[][], { p, softmax }: Probabilities, options: object): Tensor {
  return fused(x, [], (gradient) => {
    const needsSoftmax = softmax !== null && recorded([x]);
    // several threads must not write to what they read, so they get both at once instead of a copy
    const own = needsSoftmax && threadCount() > 1 ? Tensor.empty(x.shape).pointer : gradient;
    const loss = sumOfShares(options, lossesOf(own).map(sum));
    if (needsSoftmax) throughSoftmax(p, softmax.argmax, own, 1, gradient);
    return [loss];
  });
}

// several losses in the graph: the backward pass scales the gradient of each, then goes through the softmax
function withGradient(x: Tensor, values: number[], gradient: Tensor, { p, softmax }: Probabilities, byClass: boolean): Tensor {
  const out = Tensor.empty([values.length]);
  out.data.set(values);
  const saved = softmax ? [gradient, p, softmax.argmax] : [gradient];
  return record(out, [x], saved, (byProbability, q, argmax) => (upstream) => {
    const gradient = scaled(byProbability, upstream, byClass);
    if (argmax) throughSoftmax(q, argmax, gradient.pointer, 1, gradient.pointer);
    return [gradient];
  });
}

// a gradient [images, classes, pixels] times the upstream gradient of each class or image
function scaled(gradient: Tensor, upstream: Tensor, byClass: boolean): Tensor {
  const out = Tensor.empty(gradient.shape);
  const factors = upstream.data.slice();
  const [images, classes, pixels] = gradient.shape;
  for (let plane = 0; plane < images * classes; plane++) {
    const factor = factors[byClass ? plane % classes : Math.floor(plane / classes)];
    const [from, to] = [gradient.pointer + 4 * plane * pixels, out.pointer + 4 * plane * pixels];
    parallel("scaleRow_f32", { count: pixels, step: 16 }, (at, count) => [from + 4 * at, factor, to + 4 * at, count]);
  }
  return out;
}
