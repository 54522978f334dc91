// Attaches every operator to Tensor as a method.
import type { Shape } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { abs } from "./abs.js";
import { add } from "./add.js";
import { avgPool2d } from "./avgPool2d.js";
import { concat } from "./concat.js";
import { type Conv2dOptions, conv2d } from "./conv2d.js";
import { cumsum } from "./cumsum.js";
import { div } from "./div.js";
import { exp } from "./exp.js";
import { gather } from "./gather.js";
import { log } from "./log.js";
import { logSoftmax } from "./logSoftmax.js";
import { matmul } from "./matmul.js";
import { max } from "./max.js";
import { maxPool2d } from "./maxPool2d.js";
import { mean } from "./mean.js";
import { mul } from "./mul.js";
import { neg } from "./neg.js";
import { pow } from "./pow.js";
import { relu } from "./relu.js";
import { reshape } from "./reshape.js";
import { sigmoid } from "./sigmoid.js";
import { softmax } from "./softmax.js";
import { argsort, type SortOptions, sort } from "./sort.js";
import { sqrt } from "./sqrt.js";
import { sub } from "./sub.js";
import { type Axes, sum } from "./sum.js";
import { tanh } from "./tanh.js";
import { transpose } from "./transpose.js";
import { upsampleNearest } from "./upsampleNearest.js";

declare module "../tensor/tensor.js" {
  interface Tensor {
    add(b: Tensor | number): Tensor;
    sub(b: Tensor | number): Tensor;
    mul(b: Tensor | number): Tensor;
    div(b: Tensor | number): Tensor;
    neg(): Tensor;
    exp(): Tensor;
    log(): Tensor;
    sqrt(): Tensor;
    abs(): Tensor;
    relu(): Tensor;
    sigmoid(): Tensor;
    tanh(): Tensor;
    pow(exponent: number): Tensor;
    softmax(axis: number): Tensor;
    logSoftmax(axis: number): Tensor;
    sum(axis?: Axes): Tensor;
    mean(axis?: Axes): Tensor;
    max(axis?: Axes): Tensor;
    matmul(b: Tensor): Tensor;
    cumsum(axis: number): Tensor;
    sort(options?: SortOptions): Tensor;
    argsort(options?: SortOptions): Int32Array;
    gather(index: ArrayLike<number>): Tensor;
    reshape(shape: Shape): Tensor;
    transpose(axes?: readonly number[]): Tensor;
    conv2d(weight: Tensor, bias?: Tensor | null, options?: Conv2dOptions): Tensor;
    maxPool2d(size: number): Tensor;
    avgPool2d(size: number): Tensor;
    upsampleNearest(scale: number): Tensor;
    /** This tensor and then `others`, one after another along `axis`. */
    concat(others: readonly Tensor[], axis: number): Tensor;
  }
}

const operators = {
  ...{ add, sub, mul, div, neg, exp, log, sqrt, abs, relu, sigmoid, tanh, pow, softmax, logSoftmax, sum, mean, max, matmul },
  ...{ cumsum, sort, argsort, gather, reshape, transpose, conv2d, maxPool2d, avgPool2d, upsampleNearest },
  // unlike the function, the method takes this tensor and a list of further ones
  concat: (first: Tensor, others: readonly Tensor[], axis: number) => concat(Array.isArray(others) ? [first, ...others] : others, axis),
};

for (const [name, operator] of Object.entries(operators)) {
  const value = function (this: Tensor, ...args: unknown[]) {
    return (operator as (...all: unknown[]) => unknown)(this, ...args);
  };
  Object.defineProperty(Tensor.prototype, name, { value, writable: true, configurable: true });
}
