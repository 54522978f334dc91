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

/** Options of `SegmentationLoss`: the kind of task, and those of its loss. */
export interface SegmentationLossOptions extends LovaszSoftmaxOptions {
  /** How the channels relate, and so which loss serves: the hinge, Lovász-Softmax, or a hinge for each channel. */
  mode: Mode;
}

/**
 * The Lovász loss of a kind of task, with its options fixed once: of mode "binary" `lovaszHinge`, of "multiclass"
 * `lovaszSoftmax`, of "multilabel" a hinge for each channel, whose options apply. `perImage` is false by default, whatever
 * the mode.
 */
export class SegmentationLoss {
  /** The kind of task. */
  readonly mode: Mode;
  readonly #options: LovaszSoftmaxOptions;

  constructor(options: SegmentationLossOptions) {
    const call = "new SegmentationLoss(options)";
    if (!isPlain(options) || options.mode === undefined) {
      throw new LovaszError(
        "option",
        `${call}: options is ${describe(options)}, expected { mode: "binary" | "multiclass" | "multilabel", ... }`,
      );
    }
    const { mode, ...rest } = options;
    this.mode = checkMode(call, mode, "binary");
    knownOptions(`${call} of mode "${this.mode}"`, rest, this.mode === "multiclass" ? SOFTMAX_OPTIONS : LOVASZ_OPTIONS);
    this.#options = { ...rest, perImage: rest.perImage === undefined ? false : rest.perImage };
  }

  /** The loss of logits [B, ...] (binary) or [B, C, ...] with their labels, a scalar in the graph. */
  forward(outputs: LossInput, labels: Labels): Tensor {
    const loss = { binary: lovaszHinge, multiclass: lovaszSoftmax, multilabel: lovaszMultilabel }[this.mode];
    return loss(outputs, labels, this.#options);
  }
}
