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

/** Options of `conv2d`. */
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
    convolve(forwardSource(size, x), size, w, false, b, made.pointer, size.outChannels);
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

// bytes of padded rows to aim at: they stay in the second cache while they are worked on
const BAND_BYTES = 2 ** 18;

// What a convolution reads: `batch` images at `pointer`, with `top` and `left` zeros before them. `step` and `stride` as in
// conv2dPad_f32.
interface Source {
  readonly pointer: number;
  readonly batch: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly top: number;
  readonly left: number;
  readonly stride: number;
  readonly step: number;
}

// What it makes of them: planes of outHeight x outWidth.
interface Windows {
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly outHeight: number;
  readonly outWidth: number;
}

interface Band {
  /** The padded rows, and bytes from one to the next. */
  readonly padded: number;
  readonly pitch: number;
  /** See conv2dTerms. */
  readonly terms: number;
  readonly image: number;
  /** The first row of the output, and how many there are. */
  readonly row: number;
  readonly rows: number;
}

// Calls `each` with band after band of the output's rows. Padded rows take `overlap` more than they give.
function eachBand(source: Source, windows: Windows, each: (band: Band) => void): void {
  const { pointer, batch, channels, height, width, top, left, stride, step } = source;
  const { kernelHeight, kernelWidth, outHeight, outWidth } = windows;
  const planeWidth = outWidth + Math.ceil(kernelWidth / stride) - 1;
  const overlap = Math.ceil(kernelHeight / stride) - 1;
  const asIs = stride * step === 1 && top === 0 && left === 0 && planeWidth === width && outHeight + overlap === height;
  const rowBytes = 4 * channels * stride * stride * planeWidth;
  const most = asIs ? outHeight : Math.min(outHeight, Math.max(8, Math.floor(BAND_BYTES / rowBytes) - overlap));
  const planeHeight = most + overlap;
  scratch([asIs ? 0 : rowBytes * planeHeight, 4 * channels * kernelHeight * kernelWidth], (padded, terms) => {
    kernels.conv2dTerms(terms, channels, kernelHeight, kernelWidth, stride, planeHeight, planeWidth);
    for (let image = 0; image < batch; image++) {
      const from = pointer + 4 * image * channels * height * width;
      for (let row = 0; row < outHeight; row += most) {
        const above = top - row * stride;
        if (!asIs) kernels.conv2dPad_f32(from, padded, channels, height, width, above, left, stride, step, planeHeight, planeWidth);
        const rows = Math.min(most, outHeight - row);
        each({ padded: asIs ? from : padded, pitch: 4 * planeWidth, terms, image, row, rows });
      }
    }
  });
}

// out = bias + the convolution of `source`; `flipped` as in conv2dPack_f32
function convolve(
  source: Source,
  windows: Windows,
  weight: number,
  flipped: boolean,
  bias: number,
  out: number,
  outChannels: number,
): void {
  const { kernelHeight, kernelWidth, outHeight, outWidth } = windows;
  const taps = kernelHeight * kernelWidth;
  const count = source.channels * taps;
  const plane = 4 * outHeight * outWidth;
  scratch([16 * Math.ceil(outChannels / 4) * (1 + count)], (packed) => {
    kernels.conv2dPack_f32(weight, bias, packed, outChannels, source.channels, taps, flipped);
    eachBand(source, windows, ({ padded, pitch, terms, image, row, rows }) => {
      const to = out + image * outChannels * plane + 4 * row * outWidth;
      kernels.conv2d_f32(padded, pitch, terms, count, packed, to, plane, outChannels, rows, outWidth);
    });
  });
}

function forwardSource(size: Sizes, pointer: number): Source {
  const { batch, inChannels, height, width, padding, stride } = size;
  return { pointer, batch, channels: inChannels, height, width, top: padding, left: padding, stride, step: 1 };
}

// The gradient of the input is itself a convolution: of the upstream gradient, spread by the stride and padded, with the
// weights turned round.
function inputGradient(size: Sizes, upstream: Tensor, weight: Tensor): Tensor {
  const { batch, inChannels, outChannels, kernelHeight, kernelWidth, height, width, stride, padding, outHeight, outWidth } = size;
  const gradient = Tensor.empty([batch, inChannels, height, width]);
  const source = {
    ...{ pointer: upstream.pointer, batch, channels: outChannels, height: outHeight, width: outWidth },
    ...{ top: kernelHeight - 1 - padding, left: kernelWidth - 1 - padding, stride: 1, step: stride },
  };
  const windows = { kernelHeight, kernelWidth, outHeight: height, outWidth: width };
  convolve(source, windows, weight.pointer, true, 0, gradient.pointer, inChannels);
  return gradient;
}

function weightGradient(size: Sizes, upstream: Tensor, input: Tensor): Tensor {
  const { inChannels, outChannels, kernelHeight, kernelWidth, outHeight, outWidth } = size;
  const gradient = Tensor.empty([outChannels, inChannels, kernelHeight, kernelWidth]);
  const count = inChannels * kernelHeight * kernelWidth;
  const plane = 4 * outHeight * outWidth;
  scratch([8 * gradient.size], (total) => {
    kernels.fill_f32(0, total, 2 * gradient.size);
    eachBand(forwardSource(size, input.pointer), size, ({ padded, pitch, terms, image, row, rows }) => {
      const from = upstream.pointer + image * outChannels * plane + 4 * row * outWidth;
      kernels.conv2dWeightGrad_f32(padded, pitch, terms, count, from, plane, total, outChannels, rows, outWidth);
    });
    kernels.roundTotals(total, gradient.pointer, gradient.size);
  });
  return gradient;
}
