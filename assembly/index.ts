// The export list, nothing else.

export { binaryCrossEntropy_f32, binaryCrossEntropyGiven_f32 } from "./losses/binaryCrossEntropy";
export { crossEntropy_f32, crossEntropyGiven_f32 } from "./losses/crossEntropy";
export { focal_f32, focalGiven_f32 } from "./losses/focal";
export { regionGrad_f32, regionSoftmaxGrad_f32, regionSums_f32 } from "./losses/region";
export { scaleRow_f32 } from "./losses/scaleRow";
export { countKept_f32, massOf_f32, oneHot_f32, ignoreTogether_f32, weighTargets_f32 } from "./losses/targets";
export { weightedBinaryCrossEntropy_f32 } from "./losses/weightedBinaryCrossEntropy";
export { lovaszBinary_f32 } from "./lovasz/binary";
export { TILE } from "./lovasz/errors/tile";
export { HINGE, RAW, SIGMOID, SOFTMAX, UNIT } from "./lovasz/errors/key";
export { addWeights, countBins, errorBins_f32, gradientOfBins, moveBins } from "./lovasz/histogram/bins";
export { errorRange, errors_f32, positiveMass, sigmoidBackward_f32 } from "./lovasz/histogram/errors";
export { addCounts } from "./lovasz/histogram/merge";
export { scanBins } from "./lovasz/histogram/scan";
export { hinge_f32 } from "./lovasz/hinge";
export { hingeBins_f32 } from "./lovasz/histogram/hinge";
export { classCounts, firstOutside_f32, labels_i32, labels_u8, labels_u8_i8, narrow_i32, oneHotClass_f32 } from "./losses/labels";
export { probabilityBins_f32, softmaxBins_f32 } from "./lovasz/histogram/softmax";
export { lovaszClass_f32 } from "./lovasz/softmaxClass";
export { inputKeys_f32, softmaxKeys_f32 } from "./lovasz/errors/softmaxKeys";
export { softmaxBackward_f32 } from "./lovasz/errors/softmaxBackward";
export { jaccardWeights_f32 } from "./lovasz/scan/weights";
export {
  TASK_ALPHA,
  TASK_ARGMAX,
  TASK_BETA,
  TASK_BINS,
  TASK_BYTES,
  TASK_CLASSES,
  TASK_GRADIENT,
  TASK_IMAGES,
  TASK_KEYS,
  TASK_LABELS,
  TASK_LOGIT_GRADIENT,
  TASK_OTHER_SUMS,
  TASK_PIXELS,
  TASK_PLANE,
  TASK_POSITIVE,
  TASK_PROBABILITIES,
  TASK_SCALE,
  TASK_STRIDE,
  TASK_TABLE,
  TASK_TARGET,
  TASK_VALUES,
  TASK_WEIGHTS,
  roomBytes,
} from "./lovasz/task";
export { allocate, free } from "./memory";
export { abs_f32, absGrad_f32 } from "./ops/abs";
export { add_f32 } from "./ops/add";
export { copyBlocks } from "./ops/concat";
export {
  CONVOLUTION_BATCH,
  CONVOLUTION_BIAS,
  CONVOLUTION_BYTES,
  CONVOLUTION_CHANNELS,
  CONVOLUTION_DILATION,
  CONVOLUTION_EXACT,
  CONVOLUTION_FIRST_X,
  CONVOLUTION_FIRST_Y,
  CONVOLUTION_GROUPS,
  CONVOLUTION_HEIGHT,
  CONVOLUTION_KERNEL_HEIGHT,
  CONVOLUTION_KERNEL_WIDTH,
  CONVOLUTION_LEFT,
  CONVOLUTION_LIMIT,
  CONVOLUTION_PASS,
  CONVOLUTION_PHASES_X,
  CONVOLUTION_PHASES_Y,
  CONVOLUTION_RELU,
  CONVOLUTION_SOURCE,
  CONVOLUTION_STRIDE,
  CONVOLUTION_STRIDE_X,
  CONVOLUTION_STRIDE_Y,
  CONVOLUTION_TARGET,
  CONVOLUTION_TARGET_CHANNELS,
  CONVOLUTION_TARGET_HEIGHT,
  CONVOLUTION_TARGET_LEFT,
  CONVOLUTION_TARGET_TOP,
  CONVOLUTION_TARGET_WIDTH,
  CONVOLUTION_TOP,
  CONVOLUTION_WEIGHT,
  CONVOLUTION_WEIGHT_HEIGHT,
  CONVOLUTION_WEIGHT_WIDTH,
  CONVOLUTION_WIDTH,
  CONVOLUTION_WINDOW_COLUMNS,
  CONVOLUTION_WINDOW_ROWS,
  FORWARD,
  INPUT_GRADIENT,
  WEIGHT_GRADIENT,
} from "./ops/convolution/convolution";
export { convolveUnit, finishConvolution, prepareConvolution } from "./ops/convolution/convolve";
export { convolutionScratch, convolutionUnits, planConvolution } from "./ops/convolution/plan";
export { cumsum_f32 } from "./ops/cumsum";
export { div_f32 } from "./ops/div";
export { dropout_f32 } from "./ops/dropout";
export { exp_f32, expGrad_f32 } from "./ops/exp";
export { fill_f32 } from "./ops/fill";
export { gather_f32, scatterAdd_f32 } from "./ops/gather";
export { gelu_f32, geluGrad_f32 } from "./ops/gelu";
export { hardswish_f32, hardswishGrad_f32 } from "./ops/hardswish";
export { leakyRelu_f32, leakyReluGrad_f32 } from "./ops/leakyRelu";
export { log_f32, logGrad_f32 } from "./ops/log";
export { matmul_f32 } from "./ops/matmul";
export { max_f32, maxGrad_f32 } from "./ops/max";
export { mul_f32 } from "./ops/mul";
export { neg_f32 } from "./ops/neg";
export {
  NORM_ARE_FIXED,
  NORM_BATCH,
  NORM_BIAS,
  NORM_BYTES,
  NORM_CHANNELS,
  NORM_EPS,
  NORM_MEAN,
  NORM_OUT,
  NORM_PLANE,
  NORM_SHARED,
  NORM_SUMS,
  NORM_UNITS,
  NORM_UPSTREAM,
  NORM_VARIANCE,
  NORM_WEIGHT,
  NORM_X,
  norm_f32,
  normGrad_f32,
} from "./ops/norm";
export { pad_f32 } from "./ops/pad";
export { maxPool2d_f32, maxPool2dGrad_f32, sumPool2d_f32, upsampleNearest_f32 } from "./ops/pool";
export { pow_f32, powGrad_f32 } from "./ops/pow";
export { relu_f32, reluGrad_f32, reluGradSums_f32 } from "./ops/relu";
export { relu6_f32, relu6Grad_f32 } from "./ops/relu6";
export { addScaled_f32, scale_f32 } from "./ops/scale";
export { sigmoid_f32, sigmoidGrad_f32 } from "./ops/sigmoid";
export { silu_f32, siluGrad_f32 } from "./ops/silu";
export { softmax_f32, softmaxGrad_f32 } from "./ops/softmax";
export { sqrt_f32, sqrtGrad_f32 } from "./ops/sqrt";
export { stridedCopy_f32 } from "./ops/strided";
export { sub_f32 } from "./ops/sub";
export { sum_f32 } from "./ops/sum";
export { swapAxes } from "./ops/swapAxes";
export { tanh_f32, tanhGrad_f32 } from "./ops/tanh";
export { upsampleBilinear_f32, upsampleBilinearGrad_f32 } from "./ops/upsampleBilinear";
export {
  ADAM_BETA1,
  ADAM_BETA2,
  ADAM_BYTES,
  ADAM_CORRECTION,
  ADAM_DECAY,
  ADAM_EPSILON,
  ADAM_RATE,
  ADAM_SHRINK,
  adam_f32,
} from "./optim/adam";
export { lerp_f32 } from "./optim/lerp";
export { sgd_f32 } from "./optim/sgd";
export { sumSquares_f32 } from "./optim/sumSquares";
export { COUNTER_BYTES } from "./sort/radix";
export { sort_f32 } from "./sort/sort";
