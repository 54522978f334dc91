// What the Lovász losses of binary tasks share: reading of arguments, images one by one, reduction.
import { knownOptions } from "../options.js";
import { tidy } from "../tensor/scope.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { checkLayout } from "./channels.js";
import { fused } from "./fused.js";
import { imagesOf, type LossInput, lossInput } from "./input.js";
import { classMap, type Labels } from "./labels.js";
import { binTable, countedLoss, errorRange, KIND, type MethodOptions, methodOf } from "./method.js";
import { LOSS_OPTIONS, type LossOptions, lossOptions } from "./options.js";
import { type Extents, refuseInfinite, refuseNaN } from "./range.js";
import { type PixelWeights, pixelWeights } from "./weights.js";
import { workspace } from "./workspace.js";

/** Options of the Lovász losses of binary tasks. */
export interface LovaszOptions extends LossOptions, MethodOptions {
  /** What each pixel weighs in intersection and union; at least 0, as many as labels. Default: 1 each. */
  pixelWeights?: PixelWeights | null;
}

/** Names of the options above. */
export const LOVASZ_OPTIONS = [...LOSS_OPTIONS, "pixelWeights", "method", "bins"] as const;

type Kernel = typeof kernels.lovaszHinge_f32;

export interface BinaryLoss {
  /** Names of its options. */
  known: readonly string[];
  /** Sorts errors of `kind`; the histogram needs no more than that. */
  kernel: Kernel;
  kind: keyof typeof KIND;
  /** The default of `perImage`. */
  perImage: boolean;
  /** Of the Tversky set function, see assembly/lovasz/weights.ts. Default 1: Jaccard. */
  alpha?: number;
  beta?: number;
  /** The loss where each pixel weighs 1, if there is a faster way to it. */
  plain?: (whole: Whole) => ImageLoss;
  /** Refuses input that the kernel cannot work with. Default: NaN. */
  check?: (call: string, input: Tensor, classOf: Tensor, size: Extents) => void;
}

/** The loss of each image by `kernel`; their mean, or all of them. */
export function lovaszBinary(call: string, first: LossInput, labels: Labels, options: LovaszOptions, loss: BinaryLoss): Tensor {
  knownOptions(call, options, loss.known);
  const { perImage, mean } = lossOptions(call, options, loss.perImage);
  checkLayout(call, options.layout);
  const bins = methodOf(call, options);
  return tidy(() => {
    const input = lossInput(call, first, options.shape);
    const images = perImage ? imagesOf(input) : 1;
    const n = images === 0 ? 0 : input.size / images;
    const share = mean ? 1 / images : 1;
    const graph = (one: ImageLoss) =>
      fused(input, mean ? [] : [images], (slopes) => {
        const losses = Array.from({ length: images }, (_, i) => one(i * n, share, slopes + 4 * i * n));
        return mean ? [losses.reduce((sum, loss) => sum + loss * share, 0)] : losses;
      });
    const whole = { call, input, labels, ignore: options.ignore, n, bins };
    if (loss.plain && (options.pixelWeights ?? null) === null) return graph(loss.plain(whole));
    return graph(general(whole, options.pixelWeights, loss));
  });
}

/** The arguments of a loss, of images of `n` pixels each; `bins` is 0 to sort. */
export interface Whole {
  call: string;
  input: Tensor;
  labels: Labels;
  ignore: LossOptions["ignore"];
  n: number;
  bins: number;
}

/** The loss of the image whose first pixel is `start`; `scale` times its slopes go to the pointer `slopes`. */
export type ImageLoss = (start: number, scale: number, slopes: number) => number;

function general(whole: Whole, given: LovaszOptions["pixelWeights"], loss: BinaryLoss): ImageLoss {
  const { call, input, labels, ignore, n, bins } = whole;
  const classOf = classMap(call, labels, { count: input.size, classes: 2, ignore });
  const size = { images: 1, classes: 1, pixels: input.size };
  loss.check?.(call, input, classOf, size);
  if (bins > 0) refuseInfinite(call, input, classOf, size);
  else if (!loss.check) refuseNaN(call, input, classOf, size);
  const weights = pixelWeights(call, given, input.size);
  const { kernel, alpha = 1, beta = 1 } = loss;
  const at = (start: number) => [input, classOf].map(({ pointer }) => pointer + 4 * start).concat(weights && weights + 4 * start);
  if (bins > 0) return counting(loss, n, bins, at);
  const { records, spare, counters } = workspace(n);
  return (start, scale, slopes) => {
    const [values, classes, masses] = at(start);
    return kernel(values, classes, masses, n, alpha, beta, scale, slopes, records, spare, counters);
  };
}

function counting({ kind: name, alpha = 1, beta = 1 }: BinaryLoss, n: number, bins: number, at: (start: number) => number[]): ImageLoss {
  const kind = KIND[name];
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
