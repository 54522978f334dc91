import { reshape } from "../ops/reshape.js";
import { transpose } from "../ops/transpose.js";
import { knownOptions } from "../options.js";
import { tidy } from "../tensor/scope.js";
import type { Tensor } from "../tensor/tensor.js";
import { viewI32 } from "../wasm/memory.js";
import { averaged } from "./averaged.js";
import { LOVASZ_OPTIONS, type LovaszOptions } from "./binaryArguments.js";
import { channels, checkLayout } from "./channels.js";
import { type LossInput, lossInput } from "./input.js";
import { classMap, type Labels } from "./labels.js";
import { lovaszHinge } from "./lovaszHinge.js";
import { lossOptions } from "./options.js";
import { readWeights } from "./weights.js";

/**
 * A Lovász hinge for each channel of [B, C, ...] (or [P, C]), a binary task of its own, and their mean; labels 0 or 1 for each
 * logit. `perImage` (default false) means over images too; `reduction: "none"` gives one loss a channel, or (`perImage`) an
 * image.
 *
 * Throws `LovaszError` "shape", "label", "nan" or "option".
 */
export function lovaszMultilabel(logits: LossInput, labels: Labels, options: LovaszOptions = {}): Tensor {
  const call = "lovaszMultilabel";
  knownOptions(call, options, LOVASZ_OPTIONS);
  const { perImage, mean } = lossOptions(call, options, false);
  const layout = checkLayout(call, options.layout);
  return tidy(() => {
    const { x, images, classes, pixels, last } = channels(call, lossInput(call, logits, options.shape), layout, "multilabel");
    // rows of binary tasks: the channels of every image, or the channels over all images
    const rows = perImage ? reshape(x, [images * classes, pixels]) : reshape(transpose(x, [1, 0, 2]), [classes, images * pixels]);
    const place = (i: number) => {
      const [row, at] = [Math.floor(i / rows.shape[1]), i % rows.shape[1]];
      const [image, c] = perImage ? [Math.floor(row / classes), row % classes] : [Math.floor(at / pixels), row];
      const pixel = at % pixels;
      return last ? (image * pixels + pixel) * classes + c : (image * classes + c) * pixels + pixel;
    };
    const arranged = (values: ArrayLike<number>) => Float64Array.from({ length: x.size }, (_, i) => values[place(i)]);
    const { ignore, pixelWeights, method, bins } = options;
    const weights = readWeights(call, pixelWeights);
    // read here, so that a message names the label by its place in the array of the user
    const { pointer } = classMap(call, labels, { count: x.size, classes: 2, ignore, multiclass: "lovaszSoftmax" });
    const losses = lovaszHinge(rows, arranged(viewI32(pointer, x.size)), {
      ignore: -1,
      method,
      bins,
      reduction: "none",
      pixelWeights: weights && arranged(weights),
    });
    if (mean) return averaged(losses);
    return perImage ? averaged(reshape(losses, [images, classes]), 1) : losses;
  });
}
