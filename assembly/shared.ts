// The export list of the core that runs in memory which threads share: kernels, which own nothing, and no heap.

export {
  countPlaces,
  errorPlaces_f32,
  errorRange,
  errors_f32,
  movePlaces,
  positiveMass,
  sigmoidSlopes_f32,
  slopesOfPlaces,
  weighBins,
  weighPlaces,
} from "./lovasz/histogram/histogram";
export { firstOutside_f32 } from "./losses/labels";
export { softmaxPlaces_f32 } from "./lovasz/histogram/softmax";
export { lovaszClass_f32 } from "./lovasz/softmaxClass";
export { softmaxKeys_f32 } from "./lovasz/errors/softmaxKeys";
export { softmaxSlopes_f32 } from "./lovasz/errors/softmaxBackward";
export { copyBlocks } from "./ops/concat";
export { fill_f32 } from "./ops/fill";
