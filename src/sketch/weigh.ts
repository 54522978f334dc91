import { LovaszError } from "../errors.js";
import { checkClasses, chosenClasses } from "../losses/classOptions.js";
import { binTable } from "../losses/method.js";
import { knownOptions } from "../options.js";
import { tidy } from "../tensor/scope.js";
import { kernels } from "../wasm/instance.js";
import { viewF32, viewF64, viewU32 } from "../wasm/memory.js";
import { checkSummary } from "./check.js";
import { checksumOf } from "./checksum.js";
import { isKind } from "./fields.js";
import type { Summary } from "./summary.js";
import type { Weights } from "./weights.js";

/** Options of `weigh`. */
export interface WeighOptions {
  /** The classes of a softmax that the loss averages: those with a pixel anywhere in the data, all, or those listed. Default `"present"`. */
  classes?: "present" | "all" | readonly number[];
}

/**
 * Computes the loss of the data behind a summary: the mean over classes for a softmax, the loss of all pixels as one image
 * (`perImage: false`) for binary losses. It is within one bin width, range / bins, of the exact loss.
 *
 * Throws `LovaszError` "option".
 *
 * @example
 * ```js
 * import { sketch, weigh } from "lovasz/sketch";
 *
 * const { value } = weigh(sketch("hinge", Float32Array.of(0.5, -2, 3), [1, 0, 1]));
 * console.log(value.toFixed(2)); // 0.25
 * ```
 */
export function weigh(summary: Summary, options: WeighOptions = {}): Weights {
  const call = "weigh(summary, options)";
  const known = checkSummary(call, summary);
  knownOptions(call, options, ["classes"]);
  const { loss, bins, range, pixels, positives, counts } = known;
  const classes = positives.length;
  const { classes: which } = options;
  if (loss !== "softmax" && which !== undefined) {
    throw new LovaszError("option", `${call}: classes is given, but the summary is of "${loss}", which has one class; leave it out`);
  }
  // of a task with two classes there is one loss, unless all pixels are ignored
  const choice = checkClasses(call, which, classes);
  const chosen = loss === "softmax" ? chosenClasses(choice, positives) : pixels > 0 ? [...positives.keys()] : [];
  const derivatives = new Float32Array(classes * 2 * (bins + 1));
  let value = 0;
  tidy(() => {
    const wide = isKind(counts, "Float64Array");
    const table = binTable(bins, wide);
    const [first, out] = wide ? [viewF64(table + 16, 2 * bins), table + 16 * (bins + 1)] : [viewU32(table + 8, 2 * bins), table];
    for (const c of chosen) {
      const scale = 1 / chosen.length;
      first.set(counts.subarray(c * 2 * bins, (c + 1) * 2 * bins));
      value += scale * kernels.scanBins(table, wide, bins, range, positives[c], 1, 1, -scale);
      derivatives.set(viewF32(out, 2 * bins + 2), c * 2 * (bins + 1));
    }
  });
  const weights = { loss, bins, range, value, slopes: derivatives };
  return { ...weights, checksum: checksumOf(weights) };
}
