// Brings inputs with a channel for each class to one layout: [images, classes, pixels].
import { LovaszError } from "../errors.js";
import { reshape } from "../ops/reshape.js";
import { transpose } from "../ops/transpose.js";
import { choice } from "../options.js";
import { show, sizeOf } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { imagesOf } from "./input.js";

/** Which axis of an input holds the classes: the second (`"NCHW"`) or the last (`"NHWC"`). */
export type Layout = "NCHW" | "NHWC";

/**
 * What the channels of an input [B, C, ...] mean: `"binary"`, one logit per pixel; `"multiclass"`, each pixel has one of C classes;
 * `"multilabel"`, C independent yes-or-no decisions per pixel.
 */
export type Mode = "binary" | "multiclass" | "multilabel";

/** Returns `layout` after checking it. */
export function checkLayout(call: string, layout: unknown): Layout {
  return choice(call, "layout", layout, ["NCHW", "NHWC"], "NCHW");
}

/** Returns `mode` after checking it. */
export function checkMode(call: string, mode: unknown, fallback: Mode): Mode {
  return choice(call, "mode", mode, ["binary", "multiclass", "multilabel"], fallback);
}

/** How the channels of an input are laid out. */
export interface ChannelExtents {
  readonly images: number;
  readonly classes: number;
  readonly pixels: number;
  /** Whether the classes are the last axis of the input, and of labels in its layout. */
  readonly last: boolean;
}

/** An input reshaped to [images, classes, pixels], in the graph. */
export interface Channels extends ChannelExtents {
  readonly x: Tensor;
}

/**
 * How the channels of an input are laid out: [B, C, ...] or (NHWC) [B, ..., C]. The rows of an input [P, C] are the pixels of one
 * image. In binary mode, [B, ...] has one class. Throws for a multiclass input without classes, as no pixel has a softmax then.
 */
export function channelExtents(call: string, input: Tensor, layout: Layout, mode: Mode): ChannelExtents {
  const { shape, size } = input;
  if (mode === "binary") {
    const images = imagesOf(input);
    return { images, classes: 1, pixels: images === 0 ? 0 : size / images, last: false };
  }
  if (shape.length < 2) {
    throw new LovaszError("shape", `${call}: the input has shape ${show(shape)}, expected [B, C, ...] or [P, C]`);
  }
  const isFlat = shape.length === 2;
  const last = isFlat || layout === "NHWC";
  const classes = last ? shape[shape.length - 1] : shape[1];
  if (mode === "multiclass" && classes === 0) {
    const axes = isFlat ? "[P, C]" : last ? "[B, ..., C]" : "[B, C, ...]";
    throw new LovaszError("shape", `${call}: the input has shape ${show(shape)}, 0 classes; expected ${axes} with at least one class`);
  }
  if (isFlat) return { images: 1, classes, pixels: shape[0], last };
  return { images: shape[0], classes, pixels: sizeOf(last ? shape.slice(1, -1) : shape.slice(2)), last };
}

/** Reshapes `input` to [images, classes, pixels] in the graph. */
export function channels(call: string, input: Tensor, layout: Layout, mode: Mode): Channels {
  const extents = channelExtents(call, input, layout, mode);
  const { images, classes, pixels, last } = extents;
  if (!last) return { ...extents, x: reshape(input, [images, classes, pixels]) };
  if (input.shape.length === 2) return { ...extents, x: reshape(transpose(input), [1, classes, pixels]) };
  return { ...extents, x: transpose(reshape(input, [images, pixels, classes]), [0, 2, 1]) };
}

/** The index in the original input of the number that `channels` moved to index `at`. */
export function indexInInput({ classes, pixels, last }: ChannelExtents, at: number): number {
  if (!last) return at;
  const [plane, pixel] = [Math.floor(at / pixels), at % pixels];
  return (Math.floor(plane / classes) * pixels + pixel) * classes + (plane % classes);
}
