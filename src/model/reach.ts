// How far away pixels can be that a logit depends on, which says how much tiles of a picture must overlap.
import { FastSCNN } from "../nn/FastSCNN.js";
import type { Module } from "../nn/module.js";
import { UNet, type UNetOptions } from "../nn/UNet.js";

/** What the logits of a network depend on. */
export interface Reach {
  /** Pixels are pooled in blocks of this extent, counted from the left upper corner. */
  readonly block: number;
  /** No pixel further away counts, except as `isLocal` says. */
  readonly margin: number;
  /** Whether that is all, but for the statistics of group normalisation. Where it is not, the whole picture counts a little. */
  readonly isLocal: boolean;
  /** Whether there may be group normalisation, whose statistics are those of the whole picture. */
  readonly hasStatistics: boolean;
  /** Tiles of this extent, unless the user asks for others. */
  readonly tile: number;
  /** Pictures are padded to multiples of this first, as the network cannot do so by itself. */
  readonly pad: number;
}

// more would make every tile too large; what lies further away hardly counts
const MOST_MARGIN = 512;

// larger tiles hold a page up for longer, smaller ones read more of the picture twice
const TILE = 512;

// Of a network that nobody here knows: what `fit` pads to, and what is likely for the small networks that people train here.
const UNKNOWN: Reach = { block: 32, margin: 64, isLocal: false, hasStatistics: true, tile: TILE, pad: 4 };

// The pyramid pooling sees the whole picture. Through convolutions alone a logit sees several hundred pixels, the far ones hardly. Most of
// the network computes at an eighth of the resolution or less, so tiles may be larger.
const FAST_SCNN: Reach = { block: 32, margin: 96, isLocal: false, hasStatistics: false, tile: 2 * TILE, pad: 1 };

/** The reach of `network` in evaluation. */
export function reachOf(network: Module): Reach {
  if (network instanceof FastSCNN) return FAST_SCNN;
  if (!(network instanceof UNet)) return UNKNOWN;
  const { levels, upsample, norm } = network.options;
  const block = 2 ** (levels - 1);
  // a pixel for each place within a block
  const margins = Array.from({ length: block }, (_, i) => {
    const [first, last] = neededAbove(1, [i, i], levels, upsample);
    return Math.max(i - first, last - i);
  });
  const margin = Math.max(...margins);
  const isLocal = margin <= MOST_MARGIN;
  return { block, margin: Math.min(margin, MOST_MARGIN), isLocal, hasStatistics: norm === "group", tile: TILE, pad: 1 };
}

/** The first and the last of a range of pixels along one axis. */
type Range = readonly [number, number];

// two convolutions 3x3
const convolved = ([first, last]: Range): Range => [first - 2, last + 2];

// pixels of the picture that the output of a level on the way up depends on
function neededAbove(level: number, output: Range, levels: number, upsample: Required<UNetOptions>["upsample"]): Range {
  if (level === levels) return pooledFrom(level, convolved(output));
  const [first, last] = convolved(output);
  const half = (at: number) => Math.floor(at / 2);
  const below: Range = upsample === "bilinear" ? [half(first - 1), half(last - 1) + 1] : [half(first), half(last)];
  const deep = neededAbove(level + 1, below, levels, upsample);
  const skip = pooledFrom(level, convolved([first, last]));
  return [Math.min(deep[0], skip[0]), Math.max(deep[1], skip[1])];
}

// pixels of the picture that the input of a level depends on
function pooledFrom(level: number, [first, last]: Range): Range {
  return level === 1 ? [first, last] : pooledFrom(level - 1, convolved([2 * first, 2 * last + 1]));
}
