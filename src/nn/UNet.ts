import { concat } from "../ops/concat.js";
import { joinEnlarged } from "../ops/joinEnlarged.js";
import { maxPool2d } from "../ops/maxPool2d.js";
import { choice, finite, integer, knownOptions } from "../options.js";
import { tidy } from "../tensor/scope.js";
import type { Tensor } from "../tensor/tensor.js";
import { ReLU } from "./activations.js";
import { BatchNorm2d } from "./BatchNorm2d.js";
import { Conv2d } from "./Conv2d.js";
import { ConvTranspose2d } from "./ConvTranspose2d.js";
import { Dropout } from "./Dropout.js";
import { GroupNorm } from "./GroupNorm.js";
import { allOrNone } from "./initial.js";
import { Module } from "./module.js";
import { Sequential } from "./Sequential.js";
import { through } from "./through.js";
import { Upsample } from "./Upsample.js";
import { MAX_SEED, onMultiplesOf } from "./wholeBlocks.js";

/** Options of `UNet`. */
export interface UNetOptions {
  /** The number of channels of the input image. Default 3. */
  inChannels?: number;
  /** The number of logits per pixel: 1 for a binary task, or one per class. Default 1. */
  outChannels?: number;
  /** The number of channels of the first level; each further level has twice as many. Default 8. */
  width?: number;
  /** The number of levels, from 1 to 12, each of half the resolution of the one before. Default 3. */
  levels?: number;
  /** What follows each 3x3 convolution: group normalisation in groups of four channels, batch normalisation, or nothing. Default "none". */
  norm?: "none" | "group" | "batch";
  /** How a level is enlarged on the way up; `"transposed"` learns to, and halves the channels. Default "nearest". */
  upsample?: "nearest" | "bilinear" | "transposed";
  /** The probability of dropping an element of the lowest level in training. Default 0. */
  dropout?: number;
  /** The seed of the initial weights and of the dropout. Default 0. */
  seed?: number;
}

type Settings = Required<UNetOptions>;

/**
 * A U-Net, from [B, inChannels, H, W] to logits [B, outChannels, H, W] of any size: planes are padded with zeros at the right and bottom
 * to multiples of 2^(levels - 1), and logits are cropped. Each level is twice a 3x3 convolution, a norm and relu. Max pooling leads
 * down, upsampling and concatenation with the level of that resolution back up, and a 1x1 convolution ends it.
 *
 * Modules within: `down1`, `down2`, ... from the first level on, `bottom`, then `upsample2`, `up2`, `upsample1`, `up1` and `head`.
 *
 * Source: Ronneberger, Fischer, Brox, "U-Net" (2015). docs/networks.md has the same network in PyTorch.
 *
 * @example
 * ```js
 * import { nn, randn } from "lovasz";
 *
 * const network = new nn.UNet({ inChannels: 3, outChannels: 1, norm: "group", upsample: "bilinear" });
 * console.log(network.forward(randn([1, 3, 21, 16])).shape); // [ 1, 1, 21, 16 ]
 * ```
 */
export class UNet extends Module {
  /** The first level, at full resolution. */
  declare readonly down1: Module;
  /** The second level, at half resolution. */
  declare readonly down2: Module;
  /** The second level on the way up. */
  declare readonly up2: Module;
  /** The first level on the way up. */
  declare readonly up1: Module;
  /** The levels on the way down, from `down1` at full resolution. */
  readonly [down: `down${number}`]: Module;
  /** The lowest level. */
  declare readonly bottom: Module;
  /** The levels on the way up, to `up1` at full resolution. */
  readonly [up: `up${number}`]: Module;
  /** What enlarges the level below `up1`, `up2` and so on. */
  readonly [upsample: `upsample${number}`]: Module;
  /** The 1x1 convolution that computes the logits. */
  declare readonly head: Module;
  /** What the network was built with. */
  readonly options: Readonly<Required<UNetOptions>>;

  /** Weights start at random (He initialisation), biases at 0. Throws `LovaszError` "option". */
  constructor(options: UNetOptions = {}) {
    super();
    const settings = settingsOf(options);
    this.options = Object.freeze(settings);
    Object.assign(
      this,
      allOrNone(() => modulesOf(settings)),
    );
  }

  /** The logits for images `input` [B, inChannels, H, W]. Throws `LovaszError` "shape". */
  forward(input: Tensor): Tensor {
    const { levels, inChannels } = this.options;
    return onMultiplesOf("UNet", 2 ** (levels - 1), inChannels, input, (padded) => tidy(() => this.#logits(padded)));
  }

  #logits(input: Tensor): Tensor {
    const { levels } = this.options;
    const skips: Tensor[] = [];
    const isKept = (one: Tensor) => one === input || skips.includes(one);
    let current = input;
    for (let i = 1; i < levels; i++) {
      skips.push(through(current, isKept, (x) => this[`down${i}`].forward(x)));
      current = maxPool2d(skips[i - 1], 2);
    }
    current = through(current, isKept, (x) => this.bottom.forward(x));
    for (let i = levels - 1; i > 0; i--) {
      const skip = skips.pop() as Tensor;
      const enlarge = this[`upsample${i}`];
      const joined = repeatsPixels(enlarge)
        ? through(current, isKept, (x) => joinEnlarged(x, skip, enlarge.options.scale))
        : through(
            through(current, isKept, (x) => enlarge.forward(x)),
            isKept,
            (x) => concat([x, skip], 1),
          );
      if (!isKept(skip)) skip.dispose();
      current = through(joined, isKept, (x) => this[`up${i}`].forward(x));
    }
    return through(current, isKept, (x) => this.head.forward(x));
  }
}

// nearest, and nothing else that somebody put in its place
function repeatsPixels(layer: Module): layer is Upsample {
  return layer instanceof Upsample && layer.forward === Upsample.prototype.forward && layer.options.mode === "nearest";
}

function settingsOf(options: UNetOptions): Settings {
  const call = "new nn.UNet(options)";
  knownOptions(call, options, ["inChannels", "outChannels", "width", "levels", "norm", "upsample", "dropout", "seed"]);
  return {
    inChannels: integer(call, "inChannels", options.inChannels, 3, 1),
    outChannels: integer(call, "outChannels", options.outChannels, 1, 1),
    width: integer(call, "width", options.width, 8, 1),
    levels: integer(call, "levels", options.levels, 3, 1, 12),
    norm: choice(call, "norm", options.norm, ["none", "group", "batch"], "none"),
    upsample: choice(call, "upsample", options.upsample, ["nearest", "bilinear", "transposed"], "nearest"),
    dropout: finite(call, "dropout", options.dropout, 0, 0, 1),
    seed: integer(call, "seed", options.seed, 0, -MAX_SEED, MAX_SEED),
  };
}

// all modules by name; each layer has a seed of its own
function modulesOf({ inChannels, outChannels, width, levels, norm, upsample, dropout, seed }: Settings): Record<string, Module> {
  let layer = seed * 1000;
  const conv = (from: number, to: number, size: number) => new Conv2d(from, to, size, { padding: (size - 1) / 2, seed: layer++ });
  const block = (from: number, to: number) => [conv(from, to, 3), ...normsOf(norm, to), new ReLU()];
  const level = (from: number, to: number, ...more: Module[]) => new Sequential(...block(from, to), ...block(to, to), ...more);
  const channels = (i: number) => width * 2 ** (i - 1);
  const modules: Record<string, Module> = {};
  for (let i = 1; i < levels; i++) modules[`down${i}`] = level(i === 1 ? inChannels : channels(i - 1), channels(i));
  const below = levels === 1 ? inChannels : channels(levels - 1);
  modules.bottom = level(below, channels(levels), ...(dropout > 0 ? [new Dropout(dropout, { seed })] : []));
  for (let i = levels - 1; i > 0; i--) {
    const isLearned = upsample === "transposed";
    modules[`upsample${i}`] = isLearned
      ? new ConvTranspose2d(channels(i + 1), channels(i), 2, { stride: 2, seed: layer++ })
      : new Upsample({ scale: 2, mode: upsample });
    modules[`up${i}`] = level(channels(isLearned ? i : i + 1) + channels(i), channels(i));
  }
  modules.head = conv(width, outChannels, 1);
  return modules;
}

function normsOf(norm: Settings["norm"], channels: number): Module[] {
  if (norm === "none") return [];
  return [norm === "batch" ? new BatchNorm2d(channels) : new GroupNorm(groupsOf(channels), channels)];
}

// a group for every four channels, at least one; fewer where they would be unequal
function groupsOf(channels: number): number {
  let groups = Math.max(1, Math.floor(channels / 4));
  while (channels % groups !== 0) groups--;
  return groups;
}
