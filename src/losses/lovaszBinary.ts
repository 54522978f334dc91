// Shared by the Lovász losses of binary tasks: computes the loss of each image (or other row of the input), then reduces.
import { tidy } from "../tensor/scope.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { imagesOfMean, sumOfShares } from "./batch.js";
import { type BinaryArguments, type BinaryTask, binaryLabels, type LovaszOptions, readBinary } from "./binaryArguments.js";
import { fused } from "./fused.js";
import type { LossInput } from "./input.js";
import type { Labels } from "./labels.js";
import { binTable, countedLoss, errorRange, KIND } from "./method.js";
import { inRows, type RowAt, rowSink, rowsAt, type Swap } from "./rows.js";
import { type Task, taskWriter } from "./task.js";
import { pixelWeights } from "./weights.js";
import { workspace } from "./workspace.js";

/** Computes the loss of one image by sorting, and writes its gradient. */
export type Kernel = (task: BinaryKernelTask) => number;

/** What such a kernel is given, see assembly/lovasz/task.ts. */
export type BinaryKernelTask = Pick<Task, "values" | "labels" | "weights" | "gradient" | "records" | "scratch" | "counters"> &
  Pick<Task, "pixels" | "alpha" | "beta" | "scale">;

export interface BinaryLoss {
  /** Replaces the core's kernel; the histogram does not use it. */
  kernel?: Kernel;
  /** The weight of false positives in the Tversky set function, see assembly/lovasz/scan/weights.ts. Default 1, as in Jaccard. */
  alpha?: number;
  /** The weight of false negatives. Default 1. */
  beta?: number;
  /** A faster way to compute the loss where each pixel weighs 1. */
  plain?: (whole: BinaryArguments, rows: RowAt, swap: Swap | null) => ImageLoss;
}

/** The mean of the losses of all images, or one loss for each. */
export function lovaszBinary(task: BinaryTask, input: LossInput, labels: Labels, options: LovaszOptions, loss: BinaryLoss = {}): Tensor {
  return tidy(() => rowLosses(readBinary(task, input, labels, options), null, loss));
}

/** The same for the `images` rows of `n` numbers that `swap` makes from the input, its labels and weights. Call it within `tidy`. */
export function rowLosses(whole: BinaryArguments, swap: Swap | null, loss: BinaryLoss): Tensor {
  const { input, images, n, mean, options } = whole;
  const share = mean ? 1 / imagesOfMean(options, images) : 1;
  // the gradient of a single value is reordered to match the input at once; with several values, each is scaled first
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

/** Returns the loss of image `i`, and writes `scale` times its gradient to the pointer `gradient`. */
export type ImageLoss = (i: number, scale: number, gradient: number) => number;

// the loss of each of `rows`; `swap` brings labels and weights to rows
function rowLoss(whole: BinaryArguments, rows: RowAt, swap: Swap | null, loss: BinaryLoss): ImageLoss {
  if (loss.plain && whole.weights === null) return loss.plain(whole, rows, swap);
  const { task, input, n, bins } = whole;
  const classOf = rowsAt(binaryLabels(whole).pointer, 4, n, swap);
  const weights = rowsAt(pixelWeights(task.call, whole.weights, input.size), 4, n, swap);
  const kind = KIND[task.kind];
  const at = (i: number) => [rows(i), classOf(i), weights(i)];
  if (bins > 0) return counting(kind, loss, whole, at);
  const write = taskWriter();
  const { kernel = (one) => kernels.lovaszBinary_f32(kind, write(one)), alpha = 1, beta = 1 } = loss;
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
  return (i, scale, gradient) => {
    const [values, labels, weights] = at(i);
    kernels.errors_f32(kind, values, labels, n, errors);
    const range = errorRange(kind, errors, n);
    kernels.errorBins_f32(errors, labels, n, bins, range, table, gradient);
    const positives = kernels.positiveMass(labels, weights, 1, n);
    const pixels = { addresses: gradient, stride: 0, images: 1, n, weights, positives };
    const loss = countedLoss({ ...pixels, bins, range, alpha, beta, scale: kind === KIND.errors ? scale : -scale, table });
    if (kind === KIND.sigmoid) kernels.sigmoidBackward_f32(errors, gradient, n);
    return loss;
  };
}
