// What the Lovász losses of binary tasks share: images one by one, reduction.
import { tidy } from "../tensor/scope.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { type BinaryArguments, type BinaryTask, binaryLabels, type LovaszOptions, readBinary } from "./binaryArguments.js";
import { fused } from "./fused.js";
import type { LossInput } from "./input.js";
import type { Labels } from "./labels.js";
import { binTable, countedLoss, errorRange, KIND } from "./method.js";
import { imagesOfMean, sumOfShares } from "./part.js";
import { pixelWeights } from "./weights.js";
import { workspace } from "./workspace.js";

type WithoutFirst<All> = All extends [unknown, ...infer Rest] ? Rest : never;

/** What sorts the errors of an image: arguments as the core's, of one kind. */
export type Kernel = (...rest: WithoutFirst<Parameters<typeof kernels.lovaszBinary_f32>>) => number;

export interface BinaryLoss {
  /** Instead of the core's; the histogram does without. */
  kernel?: Kernel;
  /** Of the Tversky set function, see assembly/lovasz/weights.ts. Default 1: Jaccard. */
  alpha?: number;
  beta?: number;
  /** The loss where each pixel weighs 1, if there is a faster way to it. */
  plain?: (whole: BinaryArguments) => ImageLoss;
}

/** The loss of each image; their mean, or all of them. */
export function lovaszBinary(task: BinaryTask, first: LossInput, labels: Labels, options: LovaszOptions, loss: BinaryLoss = {}): Tensor {
  return tidy(() => {
    const whole = readBinary(task, first, labels, options);
    const { input, images, n, mean } = whole;
    const share = mean ? 1 / imagesOfMean(options, images) : 1;
    const one = loss.plain && whole.weights === null ? loss.plain(whole) : general(whole, loss);
    return fused(input, mean ? [] : [images], (slopes) => {
      const losses = Array.from({ length: images }, (_, i) => one(i * n, share, slopes + 4 * i * n));
      const shares = losses.map((loss) => loss * share);
      return mean ? [sumOfShares(options, shares)] : losses;
    });
  });
}

/** The loss of the image whose first pixel is `start`; `scale` times its slopes go to the pointer `slopes`. */
export type ImageLoss = (start: number, scale: number, slopes: number) => number;

function general(whole: BinaryArguments, loss: BinaryLoss): ImageLoss {
  const { task, input, n, bins } = whole;
  const classOf = binaryLabels(whole);
  const weights = pixelWeights(task.call, whole.weights, input.size);
  const kind = KIND[task.kind];
  const { kernel = (...rest) => kernels.lovaszBinary_f32(kind, ...rest), alpha = 1, beta = 1 } = loss;
  const at = (start: number) => [input, classOf].map(({ pointer }) => pointer + 4 * start).concat(weights && weights + 4 * start);
  if (bins > 0) return counting(kind, loss, n, bins, at);
  const { records, spare, counters } = workspace(n);
  return (start, scale, slopes) => {
    const [values, classes, masses] = at(start);
    return kernel(values, classes, masses, n, alpha, beta, scale, slopes, records, spare, counters);
  };
}

type PointersAt = (start: number) => number[];

function counting(kind: number, { alpha = 1, beta = 1 }: BinaryLoss, n: number, bins: number, at: PointersAt): ImageLoss {
  const errors = Tensor.empty([n]).pointer;
  const table = binTable(bins, at(0)[2] !== 0);
  return (start, scale, slopes) => {
    const [values, labels, weights] = at(start);
    kernels.errors_f32(kind, values, labels, n, errors);
    const range = errorRange(kind, errors, n);
    kernels.errorPlaces_f32(errors, labels, n, bins, range, table, slopes);
    const [up, down] = [kind === KIND.errors ? scale : -scale, scale];
    const positives = kernels.positiveMass(labels, weights, 1, n);
    const pixels = { places: slopes, stride: 0, images: 1, n, weights, positives };
    const loss = countedLoss({ ...pixels, bins, range, alpha, beta, up, down, table });
    if (kind === KIND.sigmoid) kernels.sigmoidSlopes_f32(errors, slopes, n);
    return loss;
  };
}
