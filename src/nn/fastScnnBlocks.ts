// The blocks of Fast-SCNN: Poudel, Liwicki, Cipolla, "Fast-SCNN: fast semantic segmentation network" (2019), tables 1 to 3.
import { add } from "../ops/add.js";
import { concat } from "../ops/concat.js";
import { matmul } from "../ops/matmul.js";
import { tidy } from "../tensor/scope.js";
import { type Tensor, tensor } from "../tensor/tensor.js";
import { ReLU } from "./activations.js";
import { BatchNorm2d } from "./BatchNorm2d.js";
import { Conv2d } from "./Conv2d.js";
import { Module } from "./module.js";
import { Sequential } from "./Sequential.js";

/** Gives each layer a seed of its own. */
type Seeds = () => number;

/** How a convolution is followed, and spread over channels. */
interface UnitOptions {
  groups?: number;
  dilation?: number;
}

/** A convolution, batch normalisation and relu. */
export function unit(from: number, to: number, seeds: Seeds, size = 1, stride = 1): Module {
  return new Sequential(...linear(from, to, seeds, size, stride), new ReLU());
}

// a convolution and batch normalisation
function linear(from: number, to: number, seeds: Seeds, size = 1, stride = 1, { groups = 1, dilation = 1 }: UnitOptions = {}): Module[] {
  const padding = (dilation * (size - 1)) / 2;
  const options = { stride, padding, groups, dilation, bias: false, seed: seeds() };
  return [new Conv2d(from, to, size, options), new BatchNorm2d(to)];
}

/** A depthwise separable convolution: no relu between its halves. */
export function separable(from: number, to: number, stride: number, seeds: Seeds): Module {
  return new Sequential(...linear(from, from, seeds, 3, stride, { groups: from }), ...linear(from, to, seeds), new ReLU());
}

/** Table 2: channels are widened six times, convolved one by one, and narrowed; what comes in is added where it has the same shape. */
export class Bottleneck extends Sequential {
  /** Whether what comes in is added. */
  readonly isResidual: boolean;

  constructor(from: number, to: number, stride: number, seeds: Seeds) {
    const wide = 6 * from;
    super(
      ...[...linear(from, wide, seeds), new ReLU()],
      ...[...linear(wide, wide, seeds, 3, stride, { groups: wide }), new ReLU()],
      ...linear(wide, to, seeds),
    );
    this.isResidual = stride === 1 && from === to;
  }

  override forward(input: Tensor): Tensor {
    if (!this.isResidual) return super.forward(input);
    return tidy(() => add(input, super.forward(input)));
  }
}

/** Means over 1, 2 x 2, 3 x 3 and 6 x 6 parts of the planes, each convolved and enlarged again, beside the input. */
export class PyramidPooling extends Module {
  readonly branches: readonly Module[];
  readonly join: Module;

  constructor(channels: number, seeds: Seeds) {
    super();
    const narrow = Math.ceil(channels / 4);
    this.branches = PARTS.map(() => new Sequential(new Conv2d(channels, narrow, 1, { seed: seeds() }), new ReLU()));
    this.join = unit(channels + PARTS.length * narrow, channels, seeds);
  }

  forward(input: Tensor): Tensor {
    const [height, width] = input.shape.slice(-2);
    return tidy(() => {
      const enlarged = PARTS.map((parts, i) => {
        const means = alongPlanes(input, means1d(height, parts), means1d(width, parts));
        return alongPlanes(this.branches[i].forward(means), bilinear1d(parts, height), bilinear1d(parts, width));
      });
      return this.join.forward(concat([input, ...enlarged], 1));
    });
  }
}

/** Along each axis. */
export const PARTS = [1, 2, 3, 6];

/** Rows of weights: each result along an axis is a weighted sum of the elements. */
type Weights = readonly (readonly number[])[];

// applies `rows` to the columns of each plane, and `columns` to its rows
function alongPlanes(input: Tensor, rows: Weights, columns: Weights): Tensor {
  const transposed = columns[0].map((_, i) => columns.map((row) => row[i]));
  return matmul(matmul(tensor(rows.map((row) => [...row])), input), tensor(transposed));
}

// the means of `parts` parts of an axis, as PyTorch's adaptive_avg_pool2d has them
function means1d(extent: number, parts: number): Weights {
  return Array.from({ length: parts }, (_, part) => {
    const [start, end] = [Math.floor((part * extent) / parts), Math.ceil(((part + 1) * extent) / parts)];
    return Array.from({ length: extent }, (_, i) => (i >= start && i < end ? 1 / (end - start) : 0));
  });
}

// linear interpolation from `count` elements to `extent`, as PyTorch's interpolate has it
function bilinear1d(count: number, extent: number): Weights {
  return Array.from({ length: extent }, (_, to) => {
    const at = Math.max(0, ((to + 0.5) * count) / extent - 0.5);
    const [first, second] = [Math.floor(at), Math.min(Math.floor(at) + 1, count - 1)];
    const share = at - first;
    return Array.from({ length: count }, (_, i) => (i === first ? 1 - share : 0) + (i === second ? share : 0));
  });
}

/** Table 3: what the coarse features, enlarged `dilation` times, pass through before they are added to the fine ones. */
export function fusionOfCoarse(channels: number, dilation: number, seeds: Seeds): Module {
  const deep = linear(channels, channels, seeds, 3, 1, { groups: channels, dilation });
  return new Sequential(...deep, new ReLU(), ...linear(channels, channels, seeds));
}

/** The same of the fine features. */
export function fusionOfFine(from: number, to: number, seeds: Seeds): Module {
  return new Sequential(...linear(from, to, seeds));
}
