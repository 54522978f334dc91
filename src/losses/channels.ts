// Inputs with a channel for each class, brought to one layout: [images, classes, pixels].
import { LovaszError } from "../errors.js";
import { reshape } from "../ops/reshape.js";
import { transpose } from "../ops/transpose.js";
import { choice } from "../options.js";
import { show, sizeOf } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { imagesOf } from "./input.js";

/** Where the classes stand in the shape of an input: second, or last. */
export type Layout = "NCHW" | "NHWC";

/**
 * How the channels of an input [B, C, ...] relate: `"binary"`, one logit a pixel; `"multiclass"`, one of C classes a pixel;
 * `"multilabel"`, C independent yes or no.
 */
export type Mode = "binary" | "multiclass" | "multilabel";

/** `layout`, checked. */
export function checkLayout(call: string, layout: unknown): Layout {
  return choice(call, "layout", layout, ["NCHW", "NHWC"], "NCHW");
}

/** `mode`, checked. */
export function checkMode(call: string, mode: unknown, fallback: Mode): Mode {
  return choice(call, "mode", mode, ["binary", "multiclass", "multilabel"], fallback);
}

/** An input as [images, classes, pixels], in the graph. */
export interface Channels {
  readonly x: Tensor;
  readonly images: number;
  readonly classes: number;
  readonly pixels: number;
  /** Whether the classes come last in the input, and in labels like it. */
  readonly last: boolean;
}

/**
 * `input` as [images, classes, pixels]: from [B, C, ...] or (NHWC) [B, ..., C]; the rows of a [P, C] are the pixels of one
 * image; in binary mode, [B, ...] has one class. Throws where a multiclass input has no classes: no pixel has a softmax then.
 */
export function channels(call: string, input: Tensor, layout: Layout, mode: Mode): Channels {
  const { shape } = input;
  if (mode === "binary") {
    const images = imagesOf(input);
    return seen(reshape(input, [images, 1, images === 0 ? 0 : input.size / images]), false);
  }
  if (shape.length < 2) {
    throw new LovaszError("shape", `${call}: the input has shape ${show(shape)}, expected [B, C, ...] or [P, C]`);
  }
  const classes = layout === "NCHW" ? shape[1] : shape[shape.length - 1];
  if (mode === "multiclass" && classes === 0) {
    const axis = shape.length === 2 ? "[P, C]" : layout === "NCHW" ? "[B, C, ...]" : "[B, ..., C]";
    throw new LovaszError("shape", `${call}: the input has shape ${show(shape)}, 0 classes; expected ${axis} with at least one class`);
  }
  if (shape.length === 2) return seen(reshape(transpose(input), [1, shape[1], shape[0]]), true);
  if (layout === "NCHW") return seen(reshape(input, [shape[0], shape[1], sizeOf(shape.slice(2))]), false);
  const rows = reshape(input, [shape[0], sizeOf(shape.slice(1, -1)), shape[shape.length - 1]]);
  return seen(transpose(rows, [0, 2, 1]), true);
}

/** Where number `at` of `x` stands in the input that it was made from. */
export function placeInInput({ classes, pixels, last }: Channels, at: number): number {
  if (!last) return at;
  const [plane, pixel] = [Math.floor(at / pixels), at % pixels];
  return (Math.floor(plane / classes) * pixels + pixel) * classes + (plane % classes);
}

function seen(x: Tensor, last: boolean): Channels {
  const [images, classes, pixels] = x.shape;
  return { x, images, classes, pixels, last };
}
