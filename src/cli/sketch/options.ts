// What calls of `lovasz sketch` ask for, as commander hands it over.
import type { SketchLoss } from "../../sketch/summary.js";

/** Which of how many equal shares of the pictures, from 1. */
export interface Share {
  readonly number: number;
  readonly of: number;
}

/** Two files of numbers. */
export interface ArrayOptions {
  values?: string;
  labels?: string;
  shape?: readonly number[];
  ignore?: readonly number[];
}

/** Of `count`. */
export interface CountOptions extends ArrayOptions {
  kind?: SketchLoss;
  bins?: number;
  model?: string;
  data?: string;
  part?: Share;
  threshold?: number;
  maskSuffix?: string;
  colours?: string;
  name?: string;
  out?: string;
  threads?: number;
}

/** Of `merge`. */
export interface MergeOptions {
  out?: string;
  expect?: number;
}

/** Of `weigh`. */
export interface WeighPartOptions {
  classes?: "present" | "all" | readonly number[];
  expect?: number;
  json?: boolean;
}

/** Of `apply`. */
export interface ApplyPartOptions extends ArrayOptions {
  part: string;
  classes?: "present" | "all" | readonly number[];
  out: string;
}
