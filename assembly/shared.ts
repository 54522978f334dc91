// The export list of the core that runs in memory which threads share: kernels, which own nothing, and no heap.

export { applyBins, classErrors_f32, countBins, errorRange, errors_f32, lovaszBins_f32 } from "./lovasz/histogram";
export { firstOutside_f32 } from "./lovasz/labels";
export { lovaszClass_f32, softmaxKeys_f32, softmaxRows_f32, softmaxSlopes_f32 } from "./lovasz/softmax";
export { copyBlocks_f32 } from "./ops/concat";
