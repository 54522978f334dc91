// The hinge where each pixel weighs 1: its kernels read labels as bytes and detect NaN while computing.
import { type BinaryArguments, binaryLabels, binaryMap } from "./binaryArguments.js";
import { byteMap } from "./labels.js";
import type { RowLosses } from "./lovaszBinary.js";
import { eachRow, type RowAt, rowsAt, type Swap } from "./rows.js";
import { roomFor, SORT_COST } from "./workspace.js";

/** The hinge losses of the images, or rows, of `logits`; `swap` brings the labels to rows. Call it within `tidy`. */
export function plainHinge(whole: BinaryArguments, logits: RowAt, swap: Swap | null): RowLosses {
  const { task, labels, images, n, bins } = whole;
  const bytes = rowsAt(byteMap(task.call, labels, binaryMap(whole)).pointer, 1, n, swap);
  return (scale, sink) => {
    const losses =
      bins > 0
        ? eachRow("hingeBins_f32", { count: images, cost: 4 * n, own: { argument: 6, bytes: 8 * (bins + 1) } }, swap, sink, (i) => {
            return [logits(i), bytes(i), n, bins, scale, sink.at(i), 0];
          })
        : eachRow("hinge_f32", { count: images, cost: SORT_COST * n, own: roomFor(n, 5) }, swap, sink, (i) => {
            return [logits(i), bytes(i), n, scale, sink.at(i), 0];
          });
    // throws an error that names the logit
    if (losses.some(Number.isNaN)) binaryLabels(whole);
    return losses;
  };
}
