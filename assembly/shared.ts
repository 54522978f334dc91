// The export list of the core that runs in memory which threads share: kernels, which own nothing, and no heap.

export { addWeights, countBins, errorBins_f32, gradientOfBins, moveBins } from "./lovasz/histogram/bins";
export { errorRange, errors_f32, positiveMass, sigmoidBackward_f32 } from "./lovasz/histogram/errors";
export { scanBins } from "./lovasz/histogram/scan";
export { firstOutside_f32 } from "./losses/labels";
export { softmaxBins_f32 } from "./lovasz/histogram/softmax";
export { lovaszClass_f32 } from "./lovasz/softmaxClass";
export { softmaxKeys_f32 } from "./lovasz/errors/softmaxKeys";
export { softmaxBackward_f32 } from "./lovasz/errors/softmaxBackward";
export { copyBlocks } from "./ops/concat";
export { fill_f32 } from "./ops/fill";
