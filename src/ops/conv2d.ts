import { LovaszError } from "../errors.js";
import { integer, knownOptions } from "../options.js";
import { tidy } from "../tensor/scope.js";
import { show } from "../tensor/shape.js";
import { record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { scratch } from "../wasm/memory.js";
import { gradientPieces, type Piece } from "./gradientPieces.js";
import { operand } from "./operand.js";
import { sumAxes } from "./sumAxes.js";
import { eachTile, type Source } from "./tiles.js";

/** Options of `conv2d`. */
export interface Conv2dOptions {
  /** The number of pixels from one window to the next. Default 1. */
  stride?: number;
  /** The number of rows and columns of zeros added on each side. Default 0. */
  padding?: number;
}

/**
 * The cross-correlation that deep learning calls convolution, of input [B, I, H, W] with weight [O, I, kernelHeight, kernelWidth], plus
 * bias [O]. The result is [B, O, H', W'] with H' = floor((H + 2 padding - kernelHeight) / stride) + 1.
 *
 * @example
 * ```js
 * import { conv2d, ones } from "lovasz";
 *
 * console.log(conv2d(ones([1, 3, 8, 8]), ones([4, 3, 3, 3]), null, { padding: 1 }).shape); // [ 1, 4, 8, 8 ]
 * ```
 */
export function conv2d(input: Tensor, weight: Tensor, bias?: Tensor | null, options: Conv2dOptions = {}): Tensor {
  const size = sizes(input, weight, bias ?? null, options);
  const inputs = bias ? [input, weight, bias] : [input, weight];
  const [x, w, b] = [input.pointer, weight.pointer, bias ? bias.pointer : 0];
  const out = tidy(() => {
    const made = Tensor.empty([size.batch, size.outChannels, size.outHeight, size.outWidth]);
    convolve(size, x, w, b, made.pointer);
    return made;
  });
  return record(out, inputs, [input, weight], (savedInput, savedWeight) => (upstream, [needInput, needWeight, needBias]) => [
    needInput ? inputGradient(size, upstream, savedWeight) : null,
    needWeight ? weightGradient(size, upstream, savedInput) : null,
    ...(bias ? [needBias ? sumAxes(upstream, [0, 2, 3], 1) : null] : []),
  ]);
}

type Sizes = ReturnType<typeof sizes>;

function sizes(input: Tensor, weight: Tensor, bias: Tensor | null, options: Conv2dOptions) {
  const call = "conv2d(input, weight, bias, options)";
  operand(call, input, "input");
  operand(call, weight, "weight");
  if (bias !== null) operand(call, bias, "bias");
  knownOptions(call, options, ["stride", "padding"]);
  const stride = integer(call, "stride", options.stride, 1, 1);
  const padding = integer(call, "padding", options.padding, 0, 0, MAX_PADDING);
  const [batch, inChannels, height, width] = input.shape;
  const [outChannels, channels, kernelHeight, kernelWidth] = weight.shape;
  if (input.shape.length !== 4 || weight.shape.length !== 4 || channels !== inChannels) {
    const came = `input ${show(input.shape)} and weight ${show(weight.shape)}`;
    throw new LovaszError("shape", `${call}: shapes are ${came}, expected [B, I, H, W] and [O, I, kernelHeight, kernelWidth]`);
  }
  if (bias && (bias.shape.length !== 1 || bias.size !== outChannels)) {
    throw new LovaszError("shape", `${call}: bias has shape ${show(bias.shape)}, expected [${outChannels}], one per output channel`);
  }
  const outHeight = Math.floor((height + 2 * padding - kernelHeight) / stride) + 1;
  const outWidth = Math.floor((width + 2 * padding - kernelWidth) / stride) + 1;
  if (outHeight < 1 || outWidth < 1 || kernelHeight < 1 || kernelWidth < 1) {
    const kernel = `a kernel of ${kernelHeight} x ${kernelWidth}`;
    throw new LovaszError("shape", `${call}: ${kernel} does not fit planes of ${height} x ${width} with padding ${padding}`);
  }
  // a larger stride has the same effect, but may not fit in the 32 bits of the kernels
  const step = Math.min(stride, Math.max(height, width) + 2 * padding);
  const limit = 4 * 4 * (input.size + weight.size + batch * outChannels * outHeight * outWidth);
  return { batch, inChannels, height, width, padding, kernelHeight, kernelWidth, outHeight, outWidth, outChannels, stride: step, limit };
}

// the kernels address padded planes with 32 bits
const MAX_PADDING = 2 ** 27;

// the bytes of packed weights, see conv2dPack_f32
const packedBytes = (outChannels: number, terms: number) => 16 * Math.ceil(outChannels / 4) * (1 + terms);

// out = bias + the convolution of the images at `pointer`
function convolve(size: Sizes, pointer: number, weight: number, bias: number, out: number): void {
  const { inChannels, outChannels, kernelHeight, kernelWidth, outHeight, outWidth, limit } = size;
  const count = inChannels * kernelHeight * kernelWidth;
  const plane = 4 * outHeight * outWidth;
  scratch([packedBytes(outChannels, count)], (packed) => {
    kernels.conv2dPack_f32(weight, bias, packed, outChannels, count);
    eachTile(forwardSource(size, pointer), size, limit, ({ padded, pitch, terms, image, row, rows, column, columns }) => {
      const to = out + image * outChannels * plane + 4 * (row * outWidth + column);
      kernels.conv2d_f32(padded, pitch, terms, count, packed, to, plane, 4 * outWidth, outChannels, rows, columns);
    });
  });
}

function forwardSource(size: Sizes, pointer: number): Source {
  const { batch, inChannels, height, width, padding, stride } = size;
  return { pointer, batch, channels: inChannels, height, width, top: padding, left: padding, stride };
}

// The gradient of the input: each pixel depends on the kernel taps of a single phase of the stride. All phases together are a convolution
// of stride 1 of the upstream gradient with an output channel for each phase, whose pixels are then scattered to the input. The numbers of
// taps of two phases differ by one at most; phases with equally many are computed together.
function inputGradient(size: Sizes, upstream: Tensor, weight: Tensor): Tensor {
  const { batch, inChannels, height, width, outHeight, outWidth, kernelHeight, kernelWidth, stride, padding } = size;
  const gradient = Tensor.empty([batch, inChannels, height, width]);
  // a single window has no neighbour, so a stride of the whole kernel saves work
  const strideY = outHeight === 1 ? Math.max(stride, kernelHeight) : stride;
  const strideX = outWidth === 1 ? Math.max(stride, kernelWidth) : stride;
  // some pixels lie in no window
  if (strideY > kernelHeight || strideX > kernelWidth) kernels.fill_f32(0, gradient.pointer, gradient.size);
  for (const y of gradientPieces(height, kernelHeight, strideY, padding)) {
    for (const x of gradientPieces(width, kernelWidth, strideX, padding)) {
      pieceOfGradient(size, upstream.pointer, weight.pointer, y, x, gradient.pointer);
    }
  }
  return gradient;
}

function pieceOfGradient(size: Sizes, upstream: number, weight: number, y: Piece, x: Piece, out: number): void {
  const { batch, inChannels, outChannels, kernelHeight, kernelWidth, height, width, padding, outHeight, outWidth, limit } = size;
  const source = {
    ...{ pointer: upstream, batch, channels: outChannels, height: outHeight, width: outWidth, stride: 1 },
    ...{ top: y.taps - 1 - y.start, left: x.taps - 1 - x.start },
  };
  const windows = { kernelHeight: y.taps, kernelWidth: x.taps, outHeight: y.count, outWidth: x.count };
  const channels = inChannels * y.phases * x.phases;
  const count = outChannels * y.taps * x.taps;
  // a stride of 1 has one phase, whose pixels need no scatter
  const isWhole = y.stride * x.stride === 1;
  scratch([packedBytes(channels, count)], (packed) => {
    const [vertical, horizontal] = [y, x].map(({ stride, first, phases, taps }) => [stride, first, phases, taps] as const);
    kernels.conv2dPackGrad_f32(weight, packed, outChannels, inChannels, kernelHeight, kernelWidth, ...vertical, ...horizontal);
    eachTile(source, windows, limit, ({ padded, pitch, terms, image, row, rows, column, columns }) => {
      const to = out + 4 * image * inChannels * height * width;
      if (isWhole) {
        const at = to + 4 * (row * width + column);
        kernels.conv2d_f32(padded, pitch, terms, count, packed, at, 4 * height * width, 4 * width, channels, rows, columns);
        return;
      }
      const area = 4 * rows * columns;
      scratch([channels * area], (tile) => {
        kernels.conv2d_f32(padded, pitch, terms, count, packed, tile, area, 4 * columns, channels, rows, columns);
        const upper = (y.start + row) * y.stride + y.first - padding;
        const left = (x.start + column) * x.stride + x.first - padding;
        const [down, across] = [[upper, y.stride, y.phases, rows] as const, [left, x.stride, x.phases, columns] as const];
        kernels.conv2dScatter_f32(tile, to, inChannels, height, width, ...down, ...across);
      });
    });
  });
}

function weightGradient(size: Sizes, upstream: Tensor, input: Tensor): Tensor {
  const { inChannels, outChannels, kernelHeight, kernelWidth, outHeight, outWidth, limit } = size;
  const gradient = Tensor.empty([outChannels, inChannels, kernelHeight, kernelWidth]);
  const count = inChannels * kernelHeight * kernelWidth;
  const plane = 4 * outHeight * outWidth;
  scratch([8 * gradient.size], (total) => {
    kernels.fill_f32(0, total, 2 * gradient.size);
    eachTile(forwardSource(size, input.pointer), size, limit, ({ padded, pitch, terms, image, row, rows, column, columns }) => {
      const from = upstream.pointer + image * outChannels * plane + 4 * (row * outWidth + column);
      kernels.conv2dWeightGrad_f32(padded, pitch, terms, count, from, plane, 4 * outWidth, total, outChannels, rows, columns);
    });
    kernels.roundTotals(total, gradient.pointer, gradient.size);
  });
  return gradient;
}
