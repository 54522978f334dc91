// What a call of `lovasz train` asks for.
import type { DeviceName } from "../../index.js";

/** The options of a call, as commander hands them over. */
export interface TrainOptions {
  data?: string;
  val?: string;
  example?: boolean;
  loss?: string;
  epochs?: number;
  seed: number;
  out?: string;
  device: DeviceName;
  batch: number;
  width: number;
  threads?: number;
  lr: number;
  ignore?: number;
  threshold?: number;
  classes?: number;
  quiet?: boolean;
}
