// What the Lovász losses of binary tasks share: images (or other rows of the input) one by one, reduction.
import { tidy } from "../tensor/scope.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { type BinaryArguments, type BinaryTask, binaryLabels, type LovaszOptions, readBinary } from "./binaryArguments.js";
import { fused } from "./fused.js";
import type { LossInput } from "./input.js";
import type { Labels } from "./labels.js";
import { binTable, countedLoss, errorRange, KIND } from "./method.js";
import { imagesOfMean, sumOfShares } from "./part.js";
import { inRows, type RowAt, rowSink, rowsAt, type Swap } from "./rows.js";
import { type Task, taskWriter } from "./task.js";
import { pixelWeights } from "./weights.js";
import { workspace } from "./workspace.js";

/** Computes the loss of one image, and writes its gradient. */
export type Kernel = (task: Omit<Task, "keys" | "otherSums" | "argmax" | "images" | "classes" | "positive">) => number;

export interface BinaryLoss {
  /** Instead of the core's; the histogram does without. */
  kernel?: Kernel;
  /** Of the Tversky set function, see assembly/lovasz/scan/weights.ts. Default 1: Jaccard. */
  alpha?: number;
  beta?: number;
  /** The loss where each pixel weighs 1, if there is a faster way to it. */
  plain?: (whole: BinaryArguments, rows: RowAt, swap: Swap | null) => ImageLoss;
}

/** The loss of each image; their mean, or all of them. */
export function lovaszBinary(task: BinaryTask, first: LossInput, labels: Labels, options: LovaszOptions, loss: BinaryLoss = {}): Tensor {
  return tidy(() => rowLosses(readBinary(task, first, labels, options), null, loss));
}

/** The same of the `images` rows of `n` numbers that `swap` makes of the input, its labels and weights. To be called within `tidy`. */
export function rowLosses(whole: BinaryArguments, swap: Swap | null, loss: BinaryLoss): Tensor {
  const { input, images, n, mean, options } = whole;
  const share = mean ? 1 / imagesOfMean(options, images) : 1;
  // of one value, the gradient is brought to the order of the input at once; of several, each is scaled before
  const rows = mean ? input : inRows(input, swap);
  const one = rowLoss(whole, rowsAt(rows.pointer, 4, n, mean ? swap : null), swap, loss);
  return fused(rows, mean ? [] : [images], (gradient) => {
    const sink = rowSink(gradient, n, mean ? swap : null);
    const losses = Array.from({ length: images }, (_, i) => {
      const value = one(i, share, sink.at(i));
      sink.wrote(i);
      return value;
    });
    sink.end();
    return mean
      ? [
          sumOfShares(
            options,
            losses.map((loss) => loss * share),
          ),
        ]
      : losses;
  });
}

/** The loss of image `i`; `scale` times its gradient goes to the pointer `slopes`. */
export type ImageLoss = (i: number, scale: number, slopes: number) => number;

// the loss of each of `rows`, whose labels and weights `swap` brings to rows
function rowLoss(whole: BinaryArguments, rows: RowAt, swap: Swap | null, loss: BinaryLoss): ImageLoss {
  if (loss.plain && whole.weights === null) return loss.plain(whole, rows, swap);
  const { task, input, n, bins } = whole;
  const classOf = rowsAt(binaryLabels(whole).pointer, 4, n, swap);
  const weights = rowsAt(pixelWeights(task.call, whole.weights, input.size), 4, n, swap);
  const kind = KIND[task.kind];
  const at = (i: number) => [rows(i), classOf(i), weights(i)];
  if (bins > 0) return counting(kind, loss, whole, at);
  const write = taskWriter();
  const { kernel = (task) => kernels.lovaszBinary_f32(kind, write(task)), alpha = 1, beta = 1 } = loss;
  const fields = { ...workspace(n), pixels: n, alpha, beta };
  return (i, scale, gradient) => {
    const [values, labels, weights] = at(i);
    return kernel({ ...fields, values, labels, weights, scale, gradient });
  };
}

type PointersAt = (i: number) => number[];

function counting(kind: number, { alpha = 1, beta = 1 }: BinaryLoss, { n, bins, weights }: BinaryArguments, at: PointersAt): ImageLoss {
  const errors = Tensor.empty([n]).pointer;
  const table = binTable(bins, weights !== null);
  return (i, scale, slopes) => {
    const [values, labels, weights] = at(i);
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
