import { LovaszError } from "../errors.js";
import { integer, knownOptions } from "../options.js";
import { tidy } from "../tensor/scope.js";
import { show } from "../tensor/shape.js";
import { record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { scratch } from "../wasm/memory.js";
import { operand } from "./operand.js";
import { sumAxes } from "./sum.js";

export interface Conv2dOptions {
  /** Pixels from one window to the next. Default 1. */
  stride?: number;
  /** Rows and columns of zeros around each plane. Default 0. */
  padding?: number;
}

/**
 * The cross-correlation that deep learning calls convolution: input [B, I, H, W], weight [O, I, kernelHeight, kernelWidth],
 * bias [O] to [B, O, H', W'], H' = floor((H + 2 padding - kernelHeight) / stride) + 1.
 */
export function conv2d(input: Tensor, weight: Tensor, bias?: Tensor | null, options: Conv2dOptions = {}): Tensor {
  const size = sizes(input, weight, bias ?? null, options);
  const inputs = bias ? [input, weight, bias] : [input, weight];
  const [x, w, b] = [input.pointer, weight.pointer, bias ? bias.pointer : 0];
  const out = tidy(() => {
    const made = Tensor.empty([size.batch, size.outChannels, size.outHeight, size.outWidth]);
    forward(size, x, w, b, made.pointer);
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
  const padding = integer(call, "padding", options.padding, 0, 0);
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
  return { batch, inChannels, height, width, outChannels, kernelHeight, kernelWidth, stride, padding, outHeight, outWidth };
}

// how the padded image lies in memory; see assembly/ops/conv2d.ts
function layout(size: Sizes) {
  const { height, width, padding, stride } = size;
  const planeHeight = Math.ceil((height + 2 * padding) / stride);
  const planeWidth = Math.ceil((width + 2 * padding) / stride);
  const channelBytes = 4 * stride * stride * planeHeight * planeWidth;
  return { planeHeight, planeWidth, channelBytes, asIs: stride === 1 && padding === 0 };
}

// calls `each` with the index and padded form of every image
function eachPadded(size: Sizes, input: number, padded: number, each: (i: number, image: number) => void): void {
  const { planeHeight, planeWidth, asIs } = layout(size);
  const { inChannels, height, width, padding, stride } = size;
  for (let i = 0; i < size.batch; i++) {
    const image = input + 4 * i * inChannels * height * width;
    if (!asIs) kernels.conv2dPad_f32(image, padded, inChannels, height, width, padding, padding, stride, 1, planeHeight, planeWidth);
    each(i, asIs ? image : padded);
  }
}

const packedBytes = (outChannels: number, inChannels: number, taps: number) => 16 * Math.ceil(outChannels / 4) * inChannels * taps;

function forward(size: Sizes, input: number, weight: number, bias: number, out: number): void {
  const { inChannels, outChannels, kernelHeight, kernelWidth, stride, outHeight, outWidth } = size;
  const { planeHeight, planeWidth, channelBytes, asIs } = layout(size);
  const tapCount = kernelHeight * kernelWidth;
  const bytes = [asIs ? 0 : inChannels * channelBytes, packedBytes(outChannels, inChannels, tapCount), 4 * tapCount];
  scratch(bytes, (padded, packed, taps) => {
    kernels.conv2dTaps(taps, kernelHeight, kernelWidth, stride, planeHeight, planeWidth);
    kernels.conv2dPack_f32(weight, packed, outChannels, inChannels, tapCount, false);
    eachPadded(size, input, padded, (i, image) => {
      const target = out + 4 * i * outChannels * outHeight * outWidth;
      kernels.conv2d_f32(
        image,
        channelBytes,
        4 * planeWidth,
        taps,
        tapCount,
        packed,
        bias,
        target,
        outChannels,
        inChannels,
        outHeight,
        outWidth,
      );
    });
  });
}

// The gradient of the input is itself a convolution: of the upstream gradient, spread by the stride and padded, with the
// weights turned round.
function inputGradient(size: Sizes, upstream: Tensor, weight: Tensor): Tensor {
  const { batch, inChannels, outChannels, kernelHeight, kernelWidth, height, width, stride, padding, outHeight, outWidth } = size;
  const gradient = Tensor.empty([batch, inChannels, height, width]);
  const tapCount = kernelHeight * kernelWidth;
  const spreadHeight = height + kernelHeight - 1;
  const spreadWidth = width + kernelWidth - 1;
  const [top, left] = [kernelHeight - 1 - padding, kernelWidth - 1 - padding];
  const channelBytes = 4 * spreadHeight * spreadWidth;
  const bytes = [outChannels * channelBytes, packedBytes(inChannels, outChannels, tapCount), 4 * tapCount];
  scratch(bytes, (spread, packed, taps) => {
    kernels.conv2dTaps(taps, kernelHeight, kernelWidth, 1, spreadHeight, spreadWidth);
    kernels.conv2dPack_f32(weight.pointer, packed, inChannels, outChannels, tapCount, true);
    for (let i = 0; i < batch; i++) {
      const from = upstream.pointer + 4 * i * outChannels * outHeight * outWidth;
      const to = gradient.pointer + 4 * i * inChannels * height * width;
      kernels.conv2dPad_f32(from, spread, outChannels, outHeight, outWidth, top, left, 1, stride, spreadHeight, spreadWidth);
      kernels.conv2d_f32(spread, channelBytes, 4 * spreadWidth, taps, tapCount, packed, 0, to, inChannels, outChannels, height, width);
    }
  });
  return gradient;
}

function weightGradient(size: Sizes, upstream: Tensor, input: Tensor): Tensor {
  const { inChannels, outChannels, kernelHeight, kernelWidth, stride, outHeight, outWidth } = size;
  const { planeHeight, planeWidth, channelBytes, asIs } = layout(size);
  const gradient = Tensor.empty([outChannels, inChannels, kernelHeight, kernelWidth]);
  const tapCount = kernelHeight * kernelWidth;
  scratch([asIs ? 0 : inChannels * channelBytes, 8 * gradient.size, 4 * tapCount], (padded, total, taps) => {
    kernels.conv2dTaps(taps, kernelHeight, kernelWidth, stride, planeHeight, planeWidth);
    kernels.fill_f32(0, total, 2 * gradient.size);
    eachPadded(size, input.pointer, padded, (i, image) => {
      const from = upstream.pointer + 4 * i * outChannels * outHeight * outWidth;
      kernels.conv2dWeightGrad_f32(
        image,
        channelBytes,
        4 * planeWidth,
        taps,
        tapCount,
        from,
        total,
        outChannels,
        inChannels,
        outHeight,
        outWidth,
      );
    });
    kernels.roundTotals(total, gradient.pointer, gradient.size);
  });
  return gradient;
}
