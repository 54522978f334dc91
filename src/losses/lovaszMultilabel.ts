import { reshape } from "../ops/reshape.js";
import { tidy } from "../tensor/scope.js";
import type { Tensor } from "../tensor/tensor.js";
import { averaged } from "./averaged.js";
import { type LovaszOptions, readBinary } from "./binaryArguments.js";
import { channelExtents, checkLayout } from "./channels.js";
import type { LossInput } from "./input.js";
import type { Labels } from "./labels.js";
import { rowLosses } from "./lovaszBinary.js";
import { HINGE } from "./lovaszHinge.js";
import { lossOptions } from "./options.js";
import { plainHinge } from "./plainHinge.js";

/**
 * The mean of one Lovász hinge loss for each channel of logits [B, C, ...] (or [P, C]): each channel is a binary task of its own,
 * with one label 0 or 1 for each logit. `perImage` (default false) computes the loss of each image separately and averages over
 * images too; `reduction: "none"` returns one loss per channel, or with `perImage` one per image.
 *
 * Throws `LovaszError` "shape", "label", "nan" or "option".
 *
 * @example
 * ```js
 * import { lovaszMultilabel, tensor } from "lovasz";
 *
 * const logits = tensor([[0.5, -2], [1, 0.5]], undefined, { requiresGrad: true });
 * const loss = lovaszMultilabel(logits, [[1, 0], [1, 0]]);
 * loss.backward();
 * console.log(loss.item()); // 0.875
 * console.log(logits.grad.toArray()); // [ [ -0.25, 0 ], [ 0, 0.5 ] ]
 * ```
 */
export function lovaszMultilabel(logits: LossInput, labels: Labels, options: LovaszOptions = {}): Tensor {
  const call = "lovaszMultilabel";
  return tidy(() => {
    const whole = readBinary({ ...HINGE, call, perImage: false }, logits, labels, options);
    const { perImage } = lossOptions(call, options, false);
    const { images, classes, pixels, last } = channelExtents(call, whole.input, checkLayout(call, options.layout), "multilabel");
    // the rows, each a binary task: each channel of every image, or each channel of all images together
    const rows = perImage ? { images: images * classes, n: pixels } : { images: classes, n: images * pixels };
    const isSorted = classes === 1 || (!last && (perImage || images === 1));
    const [batch, outer, block] = last ? [perImage ? images : 1, rows.n, 1] : [1, images, pixels];
    const swap = isSorted ? null : { batch, rows: outer, columns: classes, block };
    const losses = rowLosses({ ...whole, ...rows }, swap, { plain: plainHinge });
    return whole.mean || !perImage ? losses : averaged(reshape(losses, [images, classes]), 1);
  });
}
