// Named re-exports only.
import "./ops/methods.js";

export { LovaszError, type LovaszErrorCode } from "./errors.js";
export { Tensor, type NestedArray, tensor } from "./tensor/tensor.js";
export type { BackwardOptions } from "./tensor/tape.js";
export type { Shape } from "./tensor/shape.js";
export { type TensorOptions, full } from "./tensor/full.js";
export { zeros } from "./tensor/zeros.js";
export { ones } from "./tensor/ones.js";
export { type RandnOptions, randn } from "./tensor/randn.js";
export { tidy } from "./tensor/scope.js";
export { noGrad } from "./tensor/tape.js";
export { memory } from "./wasm/memory.js";

export { abs } from "./ops/abs.js";
export { add } from "./ops/add.js";
export { avgPool2d } from "./ops/avgPool2d.js";
export { concat } from "./ops/concat.js";
export { type Conv2dOptions, conv2d } from "./ops/conv2d.js";
export { cumsum } from "./ops/cumsum.js";
export { div } from "./ops/div.js";
export { exp } from "./ops/exp.js";
export { gather } from "./ops/gather.js";
export { log } from "./ops/log.js";
export { logSoftmax } from "./ops/logSoftmax.js";
export { matmul } from "./ops/matmul.js";
export { max } from "./ops/max.js";
export { maxPool2d } from "./ops/maxPool2d.js";
export { mean } from "./ops/mean.js";
export { mul } from "./ops/mul.js";
export { neg } from "./ops/neg.js";
export { pow } from "./ops/pow.js";
export { relu } from "./ops/relu.js";
export { reshape } from "./ops/reshape.js";
export { sigmoid } from "./ops/sigmoid.js";
export { softmax } from "./ops/softmax.js";
export { type SortOptions, argsort, sort } from "./ops/sort.js";
export { sqrt } from "./ops/sqrt.js";
export { sub } from "./ops/sub.js";
export { type Axes, sum } from "./ops/sum.js";
export { tanh } from "./ops/tanh.js";
export { transpose } from "./ops/transpose.js";
export { upsampleNearest } from "./ops/upsampleNearest.js";

export { type BinaryCrossEntropyOptions, binaryCrossEntropy } from "./losses/binaryCrossEntropy.js";
export { dice } from "./losses/dice.js";
export { jaccard } from "./losses/jaccard.js";
export { type TverskyOptions, tversky } from "./losses/tversky.js";
export type { LossInput } from "./losses/input.js";
export type { Labels } from "./losses/labels.js";
export { type LovaszExtensionOptions, type SetFunction, lovaszExtension } from "./losses/lovaszExtension.js";
export { lovaszGrad } from "./losses/lovaszGrad.js";
export type { LovaszOptions } from "./losses/lovaszBinary.js";
export { lovaszHinge } from "./losses/lovaszHinge.js";
export { type LovaszSigmoidOptions, lovaszSigmoid } from "./losses/lovaszSigmoid.js";
export { type LovaszSoftmaxOptions, lovaszSoftmax } from "./losses/lovaszSoftmax.js";
export type { LossOptions } from "./losses/options.js";
export type { PixelWeights } from "./losses/weights.js";
export type { RegionOptions } from "./losses/region.js";
export type { Mode } from "./losses/targets.js";
export { type ValueAndGrad, type ValueAndGradOptions, valueAndGrad } from "./losses/valueAndGrad.js";

export { iouBinary } from "./metrics/iouBinary.js";
export type { MetricOptions } from "./metrics/options.js";
export type { ClassMap } from "./metrics/predictions.js";

export * as nn from "./nn/index.js";
export * as optim from "./optim/index.js";
