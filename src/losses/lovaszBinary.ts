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
import { eachRow, inRows, type RowAt, type RowSink, rowSink, rowsAt, type Swap } from "./rows.js";
import { type Task, taskWriter } from "./task.js";
import { pixelWeights } from "./weights.js";
import { roomFor, SORT_COST } from "./workspace.js";

/** Computes the loss of one image by sorting, and writes its gradient. */
export type Kernel = (task: BinaryKernelTask) => number;

/** What such a kernel is given, see assembly/lovasz/task.ts. */
export type BinaryKernelTask = Pick<Task, "values" | "labels" | "weights" | "gradient" | "pixels" | "scale">;

export interface BinaryLoss {
  /** Replaces the core's kernel; the histogram does not use it. */
  kernel?: Kernel;
  /** The weight of false positives in the Tversky set function, see assembly/lovasz/scan/weights.ts. Default 1, as in Jaccard. */
  alpha?: number;
  /** The weight of false negatives. Default 1. */
  beta?: number;
  /** A faster way to compute the loss where each pixel weighs 1. */
  plain?: (whole: BinaryArguments, rows: RowAt, swap: Swap | null) => RowLosses;
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
  const lossesOf = rowLossesOf(whole, rowsAt(rows.pointer, 4, n, mean ? swap : null), swap, loss);
  return fused(rows, mean ? [] : [images], (gradient) => {
    const sink = rowSink(gradient, n, mean ? swap : null);
    const losses = lossesOf(share, sink);
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

/** Returns the losses of all rows, and writes `scale` times their gradients to the sink. */
export type RowLosses = (scale: number, sink: RowSink) => number[];

// the losses of `rows`; `swap` brings labels and weights to rows
function rowLossesOf(whole: BinaryArguments, rows: RowAt, swap: Swap | null, loss: BinaryLoss): RowLosses {
  if (loss.plain && whole.weights === null) return loss.plain(whole, rows, swap);
  const { task, input, images, n, bins } = whole;
  const classOf = rowsAt(binaryLabels(whole).pointer, 4, n, swap);
  const weightOf = rowsAt(pixelWeights(task.call, whole.weights, input.size), 4, n, swap);
  const kind = KIND[task.kind];
  if (bins > 0) {
    const one = counting(kind, loss, whole, (i) => [rows(i), classOf(i), weightOf(i)]);
    return (scale, sink) => oneByOne(images, sink, (i) => one(i, scale, sink.at(i)));
  }
  const { kernel, alpha = 1, beta = 1 } = loss;
  if (kernel) {
    const pixels = (i: number) => ({ values: rows(i), labels: classOf(i), weights: weightOf(i), pixels: n });
    return (scale, sink) => oneByOne(images, sink, (i) => kernel({ ...pixels(i), scale, gradient: sink.at(i) }));
  }
  const write = taskWriter(images);
  const work = { count: images, cost: SORT_COST * n, own: roomFor(n, 2) };
  return (scale, sink) =>
    eachRow("lovaszBinary_f32", work, swap, sink, (i) => {
      const [values, labels, weights] = [rows(i), classOf(i), weightOf(i)];
      return [kind, write(i, { values, labels, weights, gradient: sink.at(i), pixels: n, alpha, beta, scale }), 0];
    });
}

function oneByOne(images: number, sink: RowSink, lossOf: (i: number) => number): number[] {
  return Array.from({ length: images }, (_, i) => {
    const loss = lossOf(i);
    sink.wrote(i);
    return loss;
  });
}

// the loss of image `i`, and `scale` times its gradient at the pointer `gradient`
type ImageLoss = (i: number, scale: number, gradient: number) => number;

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
