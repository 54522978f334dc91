import { LovaszError } from "../errors.js";
import type { LossInput } from "../losses/input.js";
import type { Labels } from "../losses/labels.js";
import { binTable, checkBins } from "../losses/method.js";
import { knownOptions } from "../options.js";
import { tidy } from "../tensor/scope.js";
import type { Shape } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { viewU32 } from "../wasm/memory.js";
import { type Chunk, checkLoss, positiveLabel, readChunk, type SketchLoss, type Summary } from "./summary.js";

/** Options of `sketch`. */
export interface SketchOptions {
  /** The shape of `values` if they are a Float32Array. Default: one flat image. */
  shape?: Shape;
  /** The label of ignored pixels, which are left out. Default null: there are none. */
  ignore?: number | null;
  /** The number of bins that count the errors, a power of two from 2 to 2^20. Default 65,536. */
  bins?: number;
}

/**
 * Summarises a chunk of the data. `values` are logits and `labels` their labels, of any number of images, as the loss itself takes
 * them. Summaries of the same loss, classes and bins can be merged.
 *
 * Throws `LovaszError` "shape", "label", "nan" or "option".
 *
 * @example
 * ```js
 * import { sketch } from "lovasz/sketch";
 *
 * const summary = sketch("hinge", Float32Array.of(0.5, -2, 3, 1), [1, 0, 1, 255], { ignore: 255, bins: 1024 });
 * console.log(summary.pixels, summary.positives[0]); // 3 2
 * ```
 */
export function sketch(loss: SketchLoss, values: LossInput, labels: Labels, options: SketchOptions = {}): Summary {
  const call = "sketch(loss, values, labels, options)";
  checkLoss(call, loss);
  knownOptions(call, options, ["shape", "ignore", "bins"]);
  const bins = checkBins(call, options.bins);
  if (2 ** Math.round(Math.log2(bins)) !== bins) {
    throw new LovaszError(
      "option",
      `${call}: bins is ${bins}, expected a power of two, without which summaries do not merge to the same bits`,
    );
  }
  return tidy(() => count(loss, bins, readChunk(call, loss, values, labels, options)));
}

function count(loss: SketchLoss, bins: number, { shape, classOf, range, toBins }: Chunk): Summary {
  const [images, classes, pixels] = shape;
  const n = images * pixels;
  const table = binTable(bins, false);
  const binOf = Tensor.empty(shape).pointer;
  toBins(binOf, table, bins, range);
  const counts = new Uint32Array(classes * 2 * bins);
  const positives = new Float64Array(classes);
  for (let c = 0; c < classes; c++) {
    kernels.fill_f32(0, table, 2 * bins + 2);
    for (let i = 0; i < images; i++) kernels.countBins(binOf + 4 * (i * classes + c) * pixels, pixels, table);
    // the first pair of the table is for errors of 0
    counts.set(viewU32(table + 8, 2 * bins), c * 2 * bins);
    positives[c] = kernels.positiveMass(classOf.pointer, 0, positiveLabel(loss, c), n);
  }
  return { loss, bins, range, pixels: n - kernels.positiveMass(classOf.pointer, 0, -1, n), positives, counts };
}
