/**
 * Pictures and models in code: what `lovasz train` does to pictures, and training itself. It runs in Node and in browsers.
 * @module lovasz/model
 */

export { type Augmentation, type AugmentOptions, augment } from "./augment.js";
export { type CropOptions, crop } from "./crop.js";
export { type Fit, fit } from "./fit.js";
export type { FitEpoch, FitOptions, FitStep, Validation } from "./fitOptions.js";
export { IGNORED } from "./ignored.js";
export type { Model, ModelLike } from "./model.js";
export type { Normalisation } from "./normalisation.js";
export type { Picture, PictureLike, Sample, SampleLike } from "./picture.js";
export { type Prediction, type PredictOptions, predict } from "./predict.js";
export type { Scores } from "./score.js";
export type { SampleSource } from "./source.js";
