import { LovaszError } from "../errors.js";
import { upsampleBilinear } from "../ops/upsampleBilinear.js";
import { upsampleNearest } from "../ops/upsampleNearest.js";
import { choice, flag, integer, knownOptions } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";

/** Options of `Upsample`. */
export interface UpsampleOptions {
  /** How many times as high and wide the planes become, a whole number of at least 1; PyTorch's `scale_factor`. */
  scale: number;
  /** `"nearest"` repeats pixels, `"bilinear"` interpolates between them. Default "nearest". */
  mode?: "nearest" | "bilinear";
  /** With `"bilinear"`: whether the pixels in the corners stay there; see `upsampleBilinear`. Default false. */
  alignCorners?: boolean;
}

/**
 * Upsampling as a layer, from [..., H, W] to [..., scale H, scale W]; see `upsampleNearest` and `upsampleBilinear`.
 *
 * @example
 * ```js
 * import { nn, tensor } from "lovasz";
 *
 * const layer = new nn.Upsample({ scale: 2, mode: "bilinear" });
 * console.log(layer.forward(tensor([[0, 4]])).toArray()); // [ [ 0, 1, 3, 4 ], [ 0, 1, 3, 4 ] ]
 * ```
 */
export class Upsample extends Module {
  /** What the layer was built with. */
  readonly options: Readonly<Required<UpsampleOptions>>;

  /** Throws `LovaszError` "option". */
  constructor(options: UpsampleOptions) {
    super();
    const call = "new nn.Upsample(options)";
    knownOptions(call, options, ["scale", "mode", "alignCorners"]);
    const scale = integer(call, "scale", options.scale ?? null, 1, 1); // there is no default
    const mode = choice(call, "mode", options.mode, ["nearest", "bilinear"], "nearest");
    const alignCorners = flag(call, "alignCorners", options.alignCorners, false);
    if (alignCorners && mode === "nearest") {
      throw new LovaszError("option", `${call}: alignCorners is true, which mode "nearest" does not know; pass { mode: "bilinear" }`);
    }
    this.options = Object.freeze({ scale, mode, alignCorners });
  }

  /** Enlarges the planes of `input` [..., H, W]. */
  forward(input: Tensor): Tensor {
    const { scale, mode, alignCorners } = this.options;
    return mode === "nearest" ? upsampleNearest(input, scale) : upsampleBilinear(input, scale, { alignCorners });
  }
}
