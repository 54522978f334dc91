// The hinge where each pixel weighs 1: its kernels read labels as bytes and detect NaN while computing.
import { kernels } from "../wasm/instance.js";
import { type BinaryArguments, binaryLabels, binaryMap } from "./binaryArguments.js";
import { byteMap } from "./labels.js";
import type { ImageLoss } from "./lovaszBinary.js";
import { binTable } from "./method.js";
import { type RowAt, rowsAt, type Swap } from "./rows.js";
import { workspace } from "./workspace.js";

/** The hinge loss of each image, or row of `logits`; `swap` brings the labels to rows. Call it within `tidy`. */
export function plainHinge(whole: BinaryArguments, logits: RowAt, swap: Swap | null): ImageLoss {
  const { task, labels, n, bins } = whole;
  const bytes = rowsAt(byteMap(task.call, labels, binaryMap(whole)).pointer, 1, n, swap);
  const kernel = bins > 0 ? counting(n, bins) : sorting(n);
  return (i, scale, gradient) => {
    const loss = kernel(logits(i), bytes(i), scale, gradient);
    // throws an error that names the logit
    if (Number.isNaN(loss)) binaryLabels(whole);
    return loss;
  };
}

type Kernel = (logits: number, labels: number, scale: number, gradient: number) => number;

function counting(n: number, bins: number): Kernel {
  const table = binTable(bins, false);
  return (logits, labels, scale, gradient) => kernels.hingeBins_f32(logits, labels, n, bins, scale, gradient, table);
}

function sorting(n: number): Kernel {
  const { records, scratch, counters } = workspace(n);
  return (logits, labels, scale, gradient) => kernels.hinge_f32(logits, labels, n, scale, gradient, records, scratch, counters);
}
