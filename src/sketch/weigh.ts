import { LovaszError } from "../errors.js";
import { checkClasses } from "../losses/classOptions.js";
import { binTable } from "../losses/method.js";
import { knownOptions } from "../options.js";
import { tidy } from "../tensor/scope.js";
import { kernels } from "../wasm/instance.js";
import { viewF32, viewI32 } from "../wasm/memory.js";
import { checkSummary } from "./check.js";
import type { SketchLoss, Summary } from "./summary.js";

/** Options of `weigh`. */
export interface WeighOptions {
  /** Which classes of a softmax count: those with a pixel anywhere in the data, all, or those listed. Default `"present"`. */
  classes?: "present" | "all" | readonly number[];
}

/** The loss of the whole, and what gives each part its gradient; plain data, fit for postMessage. */
export interface Weights {
  /** The loss that was summarised. */
  loss: SketchLoss;
  /** How many bins the summary had. */
  bins: number;
  /** All errors are below; a power of two. */
  range: number;
  /** The loss. */
  value: number;
  /** The slope of an error that counts nothing, and of one in each bin: `[class, none and bin, negatives then positives]` in C order. */
  slopes: Float32Array;
}

/**
 * The loss of the data that a summary tells of: of a softmax the mean over classes, of the binary losses that of all pixels as
 * one image (`perImage: false`). Within one bin width, range / bins, of the exact one.
 *
 * Throws `LovaszError` "option".
 */
export function weigh(summary: Summary, options: WeighOptions = {}): Weights {
  const call = "weigh(summary, options)";
  const known = checkSummary(call, summary);
  knownOptions(call, options, ["classes"]);
  const { loss, bins, range, positives, counts } = known;
  const classes = positives.length;
  const { classes: which } = options;
  if (loss !== "softmax" && which !== undefined) {
    throw new LovaszError("option", `${call}: classes is given, but the summary is of "${loss}", which has one; leave it out`);
  }
  const chosen = chosenClasses(checkClasses(call, which, classes), known);
  const slopes = new Float32Array(classes * 2 * (bins + 1));
  let value = 0;
  tidy(() => {
    const table = binTable(bins, false);
    for (const c of chosen) {
      const scale = 1 / chosen.length;
      viewI32(table + 8, 2 * bins).set(counts.subarray(c * 2 * bins, (c + 1) * 2 * bins));
      value += scale * kernels.scanBins(table, false, bins, range, positives[c], 1, 1, -scale);
      slopes.set(viewF32(table, 2 * bins + 2), c * 2 * (bins + 1));
    }
  });
  return { loss, bins, range, value, slopes };
}

function chosenClasses(which: "present" | "all" | readonly number[], { loss, pixels, positives }: Summary): readonly number[] {
  const all = [...positives.keys()];
  if (pixels === 0) return [];
  if (loss !== "softmax" || which === "all") return all;
  return which === "present" ? all.filter((c) => positives[c] > 0) : which;
}
