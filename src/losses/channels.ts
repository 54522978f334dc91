// Inputs with a channel for each class, brought to one layout: [images, classes, pixels].
import { LovaszError } from "../errors.js";
import { choice } from "../options.js";
import { reshape } from "../ops/reshape.js";
import { transpose } from "../ops/transpose.js";
import { show, sizeOf } from "../tensor/shape.js";
import { Tensor, tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { type Labels, classMap, labelCount } from "./labels.js";

/** Where the classes stand in the shape of an input: second, or last. */
export type Layout = "NCHW" | "NHWC";

/** `layout`, checked. */
export function checkLayout(call: string, layout: unknown): Layout {
  return choice(call, "layout", layout, ["NCHW", "NHWC"], "NCHW");
}

/**
 * `input` as [images, classes, pixels], in the graph: from [B, C, ...] or (NHWC) [B, ..., C]; the rows of a [P, C] are the
 * pixels of one image.
 */
export function channels(call: string, input: Tensor, layout: Layout): Tensor {
  const { shape } = input;
  if (shape.length < 2) {
    throw new LovaszError("shape", `${call}: the input has shape ${show(shape)}, expected [B, C, ...] or [P, C]`);
  }
  if (shape.length === 2) return reshape(transpose(input), [1, shape[1], shape[0]]);
  if (layout === "NCHW") return reshape(input, [shape[0], shape[1], sizeOf(shape.slice(2))]);
  const [images, classes, pixels] = [shape[0], shape[shape.length - 1], sizeOf(shape.slice(1, -1))];
  return transpose(reshape(input, [images, pixels, classes]), [0, 2, 1]);
}

/**
 * The class of each pixel of `x` [images, classes, pixels], i32, -1 where void: from class numbers, or from one-hot labels
 * in the layout of the input, whose rows of zeros are void. To be called within `tidy`.
 */
export function channelLabels(
  call: string,
  labels: Labels,
  x: Tensor,
  { ignore, last }: { ignore: number | null | undefined; last: boolean },
): Tensor {
  const [images, classes, pixels] = x.shape;
  const count = images * pixels;
  if (classes === 1 || labelCount(labels) !== x.size) return classMap(call, labels, { count, classes, ignore });
  const values = labels instanceof Tensor ? labels : tensor(labels as number[], [x.size]);
  const classOf = Tensor.empty([count]);
  const bad = kernels.oneHotClass_f32(values.pointer, classOf.pointer, images, classes, pixels, last) >>> 0;
  if (bad === count) return classOf;
  const message = `the one-hot labels of pixel ${bad} are neither a single 1 among zeros nor all 0 (void)`;
  throw new LovaszError("label", `${call}: ${message}; soft labels are for crossEntropy, dice, jaccard and tversky`);
}
