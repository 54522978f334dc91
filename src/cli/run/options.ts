// What a call of `lovasz train` asks for.
import type { DeviceName } from "../../index.js";
import type { Architecture } from "../model/architecture.js";
import type { Recipe } from "../model/recipe.js";

/** The options of a call, as commander hands them over. What is undefined gets a default: see recipe.ts. */
export interface TrainOptions {
  data?: string;
  /** A folder, or the share of `data` that is held back. */
  val?: string | number;
  example?: boolean;
  loss?: string;
  epochs?: number;
  seed: number;
  seeds?: number;
  out?: string;
  device: DeviceName;
  batch?: number;
  network?: Architecture["network"];
  width?: number;
  levels?: number;
  norm?: "none" | "group" | "batch";
  augment?: Recipe["augment"];
  optimizer?: Recipe["optimizer"];
  schedule?: Recipe["schedule"];
  lr?: number;
  clip?: number;
  ema?: number;
  lossWarmup?: number;
  classWeights?: number[];
  patience?: number;
  from?: string;
  threads?: number;
  ignore?: readonly number[];
  threshold?: number;
  maskSuffix?: string;
  colours?: string;
  classes?: number;
  quiet?: boolean;
}
