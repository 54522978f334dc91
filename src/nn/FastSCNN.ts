import { add } from "../ops/add.js";
import { relu } from "../ops/relu.js";
import { upsampleBilinear } from "../ops/upsampleBilinear.js";
import { integer, knownOptions } from "../options.js";
import { tidy } from "../tensor/scope.js";
import type { Tensor } from "../tensor/tensor.js";
import { Conv2d } from "./Conv2d.js";
import { Bottleneck, fusionOfCoarse, fusionOfFine, PyramidPooling, separable, unit } from "./fastScnnBlocks.js";
import { allOrNone } from "./initial.js";
import { Module } from "./module.js";
import { Sequential } from "./Sequential.js";
import { MAX_SEED, onMultiplesOf } from "./wholeBlocks.js";

/** Options of `FastSCNN`. */
export interface FastSCNNOptions {
  /** The number of channels of the input image. Default 3. */
  inChannels?: number;
  /** The number of logits per pixel: 1 for a binary task, or one per class. Default 1. */
  outChannels?: number;
  /** The number of channels of the first convolution; the widest layers have four times as many. Default 32, as in the paper. */
  width?: number;
  /** The seed of the initial weights. Default 0. */
  seed?: number;
}

/**
 * Fast-SCNN, from [B, inChannels, H, W] to logits [B, outChannels, H, W] of any size: a network for large pictures, of depthwise separable
 * convolutions with batch normalisation, which computes nearly everything at an eighth of the resolution or less. Planes are padded with
 * zeros at the right and bottom to multiples of 32, and logits are cropped. Train it with several pictures a step, and call `eval()` before
 * it predicts.
 *
 * Source: Poudel, Liwicki, Cipolla, "Fast-SCNN: fast semantic segmentation network" (2019), tables 1 to 3, with one difference: the branches
 * of the pyramid pooling have a bias in place of a norm, as a picture averaged to a single pixel cannot be normalised alone.
 * docs/networks.md has the same network in PyTorch.
 *
 * @example
 * ```js
 * import { nn, randn } from "lovasz";
 *
 * const network = new nn.FastSCNN({ outChannels: 3, width: 8 });
 * console.log(network.forward(randn([2, 3, 90, 64])).shape); // [ 2, 3, 90, 64 ]
 * ```
 */
export class FastSCNN extends Module {
  /** Learning to downsample: three convolutions of stride 2. */
  readonly downsample: Module;
  /** The global feature extractor: nine bottlenecks, at last at a 32nd of the resolution. */
  readonly features: Module;
  /** Its end, pyramid pooling. */
  readonly pyramid: Module;
  /** The feature fusion, at an eighth of the resolution: what the fine features pass through. */
  readonly fuseFine: Module;
  /** What the coarse features, enlarged, pass through before they are added to the fine ones. */
  readonly fuseCoarse: Module;
  /** Two separable convolutions, and the 1x1 convolution that computes the logits. */
  readonly classifier: Module;
  /** What the network was built with. */
  readonly options: Readonly<Required<FastSCNNOptions>>;

  /** Weights start at random (He initialisation), biases at 0. Throws `LovaszError` "option". */
  constructor(options: FastSCNNOptions = {}) {
    super();
    const call = "new nn.FastSCNN(options)";
    knownOptions(call, options, ["inChannels", "outChannels", "width", "seed"]);
    this.options = Object.freeze({
      inChannels: integer(call, "inChannels", options.inChannels, 3, 1),
      outChannels: integer(call, "outChannels", options.outChannels, 1, 1),
      width: integer(call, "width", options.width, 32, 1),
      seed: integer(call, "seed", options.seed, 0, -MAX_SEED, MAX_SEED),
    });
    const { inChannels, outChannels, width, seed } = this.options;
    let layer = seed * 1000;
    const seeds = () => layer++;
    const [wide, wider, widest] = [2 * width, 3 * width, 4 * width];
    const middle = Math.ceil(1.5 * width);
    const stage = (from: number, to: number, stride: number) => [
      new Bottleneck(from, to, stride, seeds),
      new Bottleneck(to, to, 1, seeds),
      new Bottleneck(to, to, 1, seeds),
    ];
    [this.downsample, this.features, this.pyramid, this.fuseFine, this.fuseCoarse, this.classifier] = allOrNone(() => [
      new Sequential(unit(inChannels, width, seeds, 3, 2), separable(width, middle, 2, seeds), separable(middle, wide, 2, seeds)),
      new Sequential(...stage(wide, wide, 2), ...stage(wide, wider, 2), ...stage(wider, widest, 1)),
      new PyramidPooling(widest, seeds),
      fusionOfFine(wide, widest, seeds),
      fusionOfCoarse(widest, SCALE, seeds),
      new Sequential(
        separable(widest, widest, 1, seeds),
        separable(widest, widest, 1, seeds),
        new Conv2d(widest, outChannels, 1, { seed: seeds() }),
      ),
    ]);
  }

  /** The logits for images `input` [B, inChannels, H, W]. Throws `LovaszError` "shape". */
  forward(input: Tensor): Tensor {
    return onMultiplesOf("FastSCNN", 32, this.options.inChannels, input, (padded) =>
      tidy(() => {
        const fine = this.downsample.forward(padded);
        const coarse = this.pyramid.forward(this.features.forward(fine));
        const enlarged = this.fuseCoarse.forward(upsampleBilinear(coarse, SCALE));
        return upsampleBilinear(this.classifier.forward(relu(add(this.fuseFine.forward(fine), enlarged))), 8);
      }),
    );
  }
}

// how many times finer the fine features are
const SCALE = 4;
