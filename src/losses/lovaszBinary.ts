// What the Lovász losses of binary tasks share: images (or other rows of the input) one by one, reduction.
import { tidy } from "../tensor/scope.js";
import { noGrad } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { type BinaryArguments, type BinaryTask, binaryLabels, type LovaszOptions, readBinary } from "./binaryArguments.js";
import { fused } from "./fused.js";
import type { LossInput } from "./input.js";
import type { Labels } from "./labels.js";
import { binTable, countedLoss, errorRange, KIND } from "./method.js";
import { imagesOfMean, sumOfShares } from "./part.js";
import { inRows, inverse, move, moved, type Swap } from "./rows.js";
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
  plain?: (whole: BinaryArguments, rows: Tensor, swap: Swap | null) => ImageLoss;
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
  const rows = mean ? noGrad(() => inRows(input, swap)) : inRows(input, swap);
  const one = rowLoss(whole, rows, swap, loss);
  return fused(mean ? input : rows, mean ? [] : [images], (gradient) => {
    const slopes = mean && swap ? Tensor.empty([input.size]).pointer : gradient;
    const losses = Array.from({ length: images }, (_, i) => one(i * n, share, slopes + 4 * i * n));
    if (mean && swap) move(slopes, 4, inverse(swap), gradient);
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

/** The loss of the image whose first pixel is `start`; `scale` times its slopes go to the pointer `slopes`. */
export type ImageLoss = (start: number, scale: number, slopes: number) => number;

// the loss of each row of `rows`, the input in the order of `swap`
function rowLoss(whole: BinaryArguments, rows: Tensor, swap: Swap | null, loss: BinaryLoss): ImageLoss {
  if (loss.plain && whole.weights === null) return loss.plain(whole, rows, swap);
  const { task, input, n, bins } = whole;
  const classOf = moved(binaryLabels(whole).pointer, 4, swap);
  const weights = moved(pixelWeights(task.call, whole.weights, input.size), 4, swap);
  const kind = KIND[task.kind];
  const { kernel = (...rest) => kernels.lovaszBinary_f32(kind, ...rest), alpha = 1, beta = 1 } = loss;
  const at = (start: number) => [rows.pointer, classOf].map((pointer) => pointer + 4 * start).concat(weights && weights + 4 * start);
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
