// Attaches every operator to Tensor as a method.
import type { Shape } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { abs } from "./abs.js";
import { add } from "./add.js";
import { avgPool2d } from "./avgPool2d.js";
import { type BatchNormOptions, batchNorm } from "./batchNorm.js";
import { concat } from "./concat.js";
import { type Conv2dOptions, conv2d } from "./conv2d.js";
import { type ConvTranspose2dOptions, convTranspose2d } from "./convTranspose2d.js";
import { cumsum } from "./cumsum.js";
import { div } from "./div.js";
import { type DropoutOptions, dropout } from "./dropout.js";
import { exp } from "./exp.js";
import { gather } from "./gather.js";
import { gelu } from "./gelu.js";
import { globalAvgPool2d } from "./globalAvgPool2d.js";
import { type GroupNormOptions, groupNorm } from "./groupNorm.js";
import { hardswish } from "./hardswish.js";
import { leakyRelu } from "./leakyRelu.js";
import { log } from "./log.js";
import { logSoftmax } from "./logSoftmax.js";
import { matmul } from "./matmul.js";
import { max } from "./max.js";
import { maxPool2d } from "./maxPool2d.js";
import { mean } from "./mean.js";
import { mul } from "./mul.js";
import { neg } from "./neg.js";
import { pad } from "./pad.js";
import { pow } from "./pow.js";
import { relu } from "./relu.js";
import { relu6 } from "./relu6.js";
import { reshape } from "./reshape.js";
import { sigmoid } from "./sigmoid.js";
import { silu } from "./silu.js";
import { softmax } from "./softmax.js";
import { argsort, type SortOptions, sort } from "./sort.js";
import { sqrt } from "./sqrt.js";
import { sub } from "./sub.js";
import { type Axes, sum } from "./sum.js";
import { tanh } from "./tanh.js";
import { transpose } from "./transpose.js";
import { type UpsampleBilinearOptions, upsampleBilinear } from "./upsampleBilinear.js";
import { upsampleNearest } from "./upsampleNearest.js";

declare module "../tensor/tensor.js" {
  interface Tensor {
    /** This tensor plus `b` for each element, broadcast as in NumPy. */
    add(b: Tensor | number): Tensor;
    /** This tensor minus `b` for each element, broadcast as in NumPy. */
    sub(b: Tensor | number): Tensor;
    /** This tensor times `b` for each element, broadcast as in NumPy. */
    mul(b: Tensor | number): Tensor;
    /** This tensor divided by `b` for each element, broadcast as in NumPy. */
    div(b: Tensor | number): Tensor;
    /** The negative of each element. */
    neg(): Tensor;
    /** e to the power of each element. */
    exp(): Tensor;
    /** The natural logarithm of each element. */
    log(): Tensor;
    /** The square root of each element. */
    sqrt(): Tensor;
    /** The absolute value of each element; the gradient at 0 is 0. */
    abs(): Tensor;
    /** max(x, 0) of each element x. */
    relu(): Tensor;
    /** Each element above 0, and `slope` times each other element. */
    leakyRelu(slope?: number): Tensor;
    /** min(max(x, 0), 6) of each element x. */
    relu6(): Tensor;
    /** x / (1 + e^-x) of each element x. */
    silu(): Tensor;
    /** x (1 + erf(x / sqrt(2))) / 2 of each element x. */
    gelu(): Tensor;
    /** x min(max(x + 3, 0), 6) / 6 of each element x. */
    hardswish(): Tensor;
    /** 1 / (1 + e^-x) of each element x. */
    sigmoid(): Tensor;
    /** The hyperbolic tangent of each element. */
    tanh(): Tensor;
    /** Each element to the power `exponent`. */
    pow(exponent: number): Tensor;
    /** The softmax along `axis`. */
    softmax(axis: number): Tensor;
    /** The logarithm of the softmax along `axis`. */
    logSoftmax(axis: number): Tensor;
    /** The sum over `axis` (default: all axes); that axis is removed. */
    sum(axis?: Axes): Tensor;
    /** The mean over `axis` (default: all axes); that axis is removed. */
    mean(axis?: Axes): Tensor;
    /** The largest element over `axis` (default: all axes); that axis is removed. */
    max(axis?: Axes): Tensor;
    /** The matrix product of this tensor [..., m, k] and `b` [..., k, n]. */
    matmul(b: Tensor): Tensor;
    /** The cumulative sum along `axis`. */
    cumsum(axis: number): Tensor;
    /** Sorts the elements along an axis, by default the last. */
    sort(options?: SortOptions): Tensor;
    /** The indices that sort the elements along an axis, by default the last. */
    argsort(options?: SortOptions): Int32Array;
    /** Selects entries along the first axis by `index`. */
    gather(index: ArrayLike<number>): Tensor;
    /** The same values in another shape; one extent may be -1, which is inferred. */
    reshape(shape: Shape): Tensor;
    /** Reorders the axes to `axes`, by default reversed. */
    transpose(axes?: readonly number[]): Tensor;
    /** The convolution of this tensor [B, I, H, W] with `weight` [O, I / groups, kernelHeight, kernelWidth], plus `bias` [O]. */
    conv2d(weight: Tensor, bias?: Tensor | null, options?: Conv2dOptions): Tensor;
    /** The transposed convolution of this tensor [B, I, H, W] with `weight` [I, O, kernelHeight, kernelWidth], plus `bias` [O]. */
    convTranspose2d(weight: Tensor, bias?: Tensor | null, options?: ConvTranspose2dOptions): Tensor;
    /** The largest element of each `size` x `size` window. */
    maxPool2d(size: number): Tensor;
    /** The mean of each `size` x `size` window. */
    avgPool2d(size: number): Tensor;
    /** The mean of each plane of this tensor [B, C, H, W], as [B, C, 1, 1]. */
    globalAvgPool2d(): Tensor;
    /** Enlarges planes by repeating every pixel in a square of `scale` x `scale`. */
    upsampleNearest(scale: number): Tensor;
    /** Gives the values of each of `groups` groups of channels of each image of this tensor [B, C, ...] mean 0 and variance 1. */
    groupNorm(groups: number, weight?: Tensor | null, bias?: Tensor | null, options?: GroupNormOptions): Tensor;
    /** Normalises each channel of this tensor [B, C, ...] by its own mean and variance in training, else by running ones. */
    batchNorm(weight?: Tensor | null, bias?: Tensor | null, options?: BatchNormOptions): Tensor;
    /** Drops each element with probability `p`, by default 0.5, and divides the others by 1 - p. */
    dropout(p?: number, options?: DropoutOptions): Tensor;
    /** Enlarges planes `scale` times each way by linear interpolation. */
    upsampleBilinear(scale: number, options?: UpsampleBilinearOptions): Tensor;
    /** Adds margins of zeros to planes, or crops them where a margin is negative. */
    pad(margins: readonly [left: number, right: number, top: number, bottom: number]): Tensor;
    /** Joins this tensor with `tensors` along `axis`. */
    concat(tensors: readonly Tensor[], axis: number): Tensor;
  }
}

const operators = {
  ...{ add, sub, mul, div, neg, exp, log, sqrt, abs, relu, sigmoid, tanh, pow, softmax, logSoftmax, sum, mean, max, matmul },
  ...{ cumsum, sort, argsort, gather, reshape, transpose, conv2d, convTranspose2d, maxPool2d, avgPool2d, globalAvgPool2d },
  ...{ upsampleNearest, upsampleBilinear, pad, groupNorm, batchNorm, dropout, leakyRelu, relu6, silu, gelu, hardswish },
  // unlike the function, the method takes this tensor and a list of further ones
  concat: (first: Tensor, tensors: readonly Tensor[], axis: number) => concat(Array.isArray(tensors) ? [first, ...tensors] : tensors, axis),
};

for (const [name, operator] of Object.entries(operators)) {
  const value = function (this: Tensor, ...args: unknown[]) {
    return (operator as (...all: unknown[]) => unknown)(this, ...args);
  };
  Object.defineProperty(Tensor.prototype, name, { value, writable: true, configurable: true });
}
