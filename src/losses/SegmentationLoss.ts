import { LovaszError } from "../errors.js";
import { describe, isPlain, knownOptions } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { LOVASZ_OPTIONS } from "./binaryArguments.js";
import { checkMode, type Mode } from "./channels.js";
import type { LossInput } from "./input.js";
import type { Labels } from "./labels.js";
import { lovaszHinge } from "./lovaszHinge.js";
import { lovaszMultilabel } from "./lovaszMultilabel.js";
import { lovaszSoftmax } from "./lovaszSoftmax.js";
import { type LovaszSoftmaxOptions, SOFTMAX_OPTIONS } from "./softmaxArguments.js";

/** Options of `SegmentationLoss`: the kind of task, and the options of the loss that it selects. */
export interface SegmentationLossOptions extends LovaszSoftmaxOptions {
  /** The kind of task, which selects the loss: the Lovász hinge, Lovász-Softmax, or a hinge for each channel. */
  mode: Mode;
}

/**
 * The Lovász loss for a kind of task, with its options fixed once: mode `"binary"` is `lovaszHinge`, `"multiclass"` is
 * `lovaszSoftmax`, and `"multilabel"` is `lovaszMultilabel`. It takes the options of that loss. `perImage` is false by default in
 * every mode.
 *
 * @example
 * ```js
 * import { SegmentationLoss, tensor } from "lovasz";
 *
 * const criterion = new SegmentationLoss({ mode: "binary", ignore: 255 });
 * const loss = criterion.forward(tensor([0.5, -0.5, 2]), [1, 0, 255]);
 * console.log(loss.item()); // 0.5
 * ```
 */
export class SegmentationLoss {
  /** The kind of task. */
  readonly mode: Mode;
  readonly #options: LovaszSoftmaxOptions;

  /** Checks the options. Throws `LovaszError` "option". */
  constructor(options: SegmentationLossOptions) {
    const call = "new SegmentationLoss(options)";
    if (!isPlain(options) || options.mode === undefined) {
      throw new LovaszError(
        "option",
        `${call}: options is ${describe(options)}, expected { mode: "binary" | "multiclass" | "multilabel", ... }`,
      );
    }
    const { mode, ...lossOptions } = options;
    this.mode = checkMode(call, mode, "binary");
    knownOptions(`${call} of mode "${this.mode}"`, lossOptions, this.mode === "multiclass" ? SOFTMAX_OPTIONS : LOVASZ_OPTIONS);
    this.#options = { ...lossOptions, perImage: lossOptions.perImage === undefined ? false : lossOptions.perImage };
  }

  /** The loss of the logits `outputs`, [B, ...] (binary) or [B, C, ...], with their labels: a scalar tensor in the graph. */
  forward(outputs: LossInput, labels: Labels): Tensor {
    const loss = { binary: lovaszHinge, multiclass: lovaszSoftmax, multilabel: lovaszMultilabel }[this.mode];
    return loss(outputs, labels, this.#options);
  }
}
