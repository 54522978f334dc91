/**
 * Pictures and models in code: training, saving and loading, and masks for new pictures. It runs in Node and in browsers.
 * @module lovasz/model
 */

// operators are methods of tensors here, too
import "../ops/methods.js";

export { type Augmentation, type AugmentOptions, augment } from "./augment.js";
export type { FitCheckpoint } from "./checkpoint.js";
export { type CropOptions, crop } from "./crop.js";
export { decodeSafetensors } from "./decodeSafetensors.js";
export { encodeSafetensors } from "./encodeSafetensors.js";
export { type Fit, fit } from "./fit.js";
export type { FitEpoch, FitStep, Validation } from "./fitEpoch.js";
export type { FitOptions } from "./fitOptions.js";
export { type FromImageDataOptions, fromImageData } from "./fromImageData.js";
export { IGNORED } from "./ignored.js";
export { loadNetwork } from "./loadNetwork.js";
export type { Model, ModelLike } from "./model.js";
export type { Normalisation } from "./normalisation.js";
export type { Picture, PictureLike, Sample, SampleLike } from "./picture.js";
export { type Prediction, type PredictOptions, predict } from "./predict.js";
export { saveNetwork } from "./saveNetwork.js";
export type { Scores } from "./score.js";
export type { SampleSource } from "./source.js";
export { type Colour, type ImageDataLike, type ToImageDataOptions, toImageData } from "./toImageData.js";
export { toOnnx } from "./toOnnx.js";
