// The hinge where each pixel weighs 1: kernels that read labels as bytes, and find NaN on their way.
import type { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { type BinaryArguments, binaryLabels, binaryMap } from "./binaryArguments.js";
import { byteMap } from "./labels.js";
import type { ImageLoss } from "./lovaszBinary.js";
import { binTable } from "./method.js";
import { moved, type Swap } from "./rows.js";
import { workspace } from "./workspace.js";

/** The hinge of each image, or row of `rows`: the input in the order of `swap`. To be called within `tidy`. */
export function plainHinge(whole: BinaryArguments, rows: Tensor, swap: Swap | null): ImageLoss {
  const { task, labels, n, bins } = whole;
  const bytes = moved(byteMap(task.call, labels, binaryMap(whole)).pointer, 1, swap);
  const kernel = bins > 0 ? counting(n, bins) : sorting(n);
  return (start, scale, slopes) => {
    const loss = kernel(rows.pointer + 4 * start, bytes + start, scale, slopes);
    // throws, naming the logit
    if (Number.isNaN(loss)) binaryLabels(whole);
    return loss;
  };
}

type Kernel = (logits: number, labels: number, scale: number, slopes: number) => number;

function counting(n: number, bins: number): Kernel {
  const table = binTable(bins, false);
  return (logits, labels, scale, slopes) => kernels.hingeBins_f32(logits, labels, n, bins, scale, slopes, table);
}

function sorting(n: number): Kernel {
  const { records, spare, counters } = workspace(n);
  return (logits, labels, scale, slopes) => kernels.hinge_f32(logits, labels, n, scale, slopes, records, spare, counters);
}
