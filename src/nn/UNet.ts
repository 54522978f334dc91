import { LovaszError } from "../errors.js";
import { concat } from "../ops/concat.js";
import { maxPool2d } from "../ops/maxPool2d.js";
import { operand } from "../ops/operand.js";
import { upsampleNearest } from "../ops/upsampleNearest.js";
import { integer, knownOptions } from "../options.js";
import { tidy } from "../tensor/scope.js";
import { show } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { ReLU } from "./activations.js";
import { Conv2d } from "./Conv2d.js";
import { allOrNone } from "./initial.js";
import { Module } from "./module.js";
import { Sequential } from "./Sequential.js";

/** Options of `UNet`. */
export interface UNetOptions {
  /** The number of channels of the input image. Default 3. */
  inChannels?: number;
  /** The number of logits per pixel: 1 for a binary task, or one per class. Default 1. */
  outChannels?: number;
  /** The number of channels of the first level; the second has twice as many, the third four times. Default 8. */
  width?: number;
  /** The seed of the initial weights. Default 0. */
  seed?: number;
}

/**
 * A U-Net with three levels, from [B, inChannels, H, W] to logits [B, outChannels, H, W]; H and W must be multiples of 4. Each level
 * has two 3x3 convolutions, each followed by relu. Max pooling leads down, nearest upsampling back up, and a 1x1 convolution ends it.
 *
 * Source: Ronneberger, Fischer, Brox, "U-Net" (2015).
 *
 * @example
 * ```js
 * import { nn, randn } from "lovasz";
 *
 * const network = new nn.UNet({ inChannels: 3, outChannels: 1 });
 * console.log(network.forward(randn([1, 3, 16, 16])).shape); // [ 1, 1, 16, 16 ]
 * ```
 */
export class UNet extends Module {
  /** The first level, at full resolution. */
  readonly down1: Module;
  /** The second level, at half resolution. */
  readonly down2: Module;
  /** The lowest level, at quarter resolution. */
  readonly bottom: Module;
  /** The second level on the way up. */
  readonly up2: Module;
  /** The first level on the way up. */
  readonly up1: Module;
  /** The 1x1 convolution that computes the logits. */
  readonly head: Module;

  /** Weights start at random (He initialisation), biases at 0. Throws `LovaszError` "option". */
  constructor(options: UNetOptions = {}) {
    super();
    const call = "new nn.UNet(options)";
    knownOptions(call, options, ["inChannels", "outChannels", "width", "seed"]);
    const inChannels = integer(call, "inChannels", options.inChannels, 3, 1);
    const outChannels = integer(call, "outChannels", options.outChannels, 1, 1);
    const width = integer(call, "width", options.width, 8, 1);
    let layer = integer(call, "seed", options.seed, 0) * 1000;
    const conv = (from: number, to: number, size: number) => new Conv2d(from, to, size, { padding: (size - 1) / 2, seed: layer++ });
    const level = (from: number, to: number) => new Sequential(conv(from, to, 3), new ReLU(), conv(to, to, 3), new ReLU());
    [this.down1, this.down2, this.bottom, this.up2, this.up1, this.head] = allOrNone(() => [
      level(inChannels, width),
      level(width, 2 * width),
      level(2 * width, 4 * width),
      level(6 * width, 2 * width),
      level(3 * width, width),
      conv(width, outChannels, 1),
    ]);
  }

  /** The logits for images `input` [B, inChannels, H, W]. Throws `LovaszError` "shape". */
  forward(input: Tensor): Tensor {
    const [height, width] = operand("UNet", input, "input").shape.slice(-2);
    if (input.shape.length !== 4 || height % 4 !== 0 || width % 4 !== 0) {
      throw new LovaszError(
        "shape",
        `UNet: the input has shape ${show(input.shape)}, expected [B, channels, H, W] with H and W multiples of 4`,
      );
    }
    return tidy(() => {
      const fine = this.down1.forward(input);
      const middle = this.down2.forward(maxPool2d(fine, 2));
      const coarse = this.bottom.forward(maxPool2d(middle, 2));
      const rising = this.up2.forward(concat([upsampleNearest(coarse, 2), middle], 1));
      return this.head.forward(this.up1.forward(concat([upsampleNearest(rising, 2), fine], 1)));
    });
  }
}
