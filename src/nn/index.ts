// Named re-exports only.

export { GELU, Hardswish, LeakyReLU, ReLU, ReLU6, Sigmoid, SiLU, Tanh } from "./activations.js";
export { BatchNorm2d, type BatchNorm2dOptions } from "./BatchNorm2d.js";
export { Conv2d, type Conv2dLayerOptions } from "./Conv2d.js";
export { ConvTranspose2d, type ConvTranspose2dLayerOptions } from "./ConvTranspose2d.js";
export { Dropout, type DropoutLayerOptions } from "./Dropout.js";
export { Dropout2d } from "./Dropout2d.js";
export { FastSCNN, type FastSCNNOptions } from "./FastSCNN.js";
export { GroupNorm } from "./GroupNorm.js";
export { Linear, type LinearOptions } from "./Linear.js";
export { Module } from "./module.js";
export { Sequential } from "./Sequential.js";
export type { StateDict } from "./stateDict.js";
export { UNet, type UNetOptions } from "./UNet.js";
export { Upsample, type UpsampleOptions } from "./Upsample.js";
