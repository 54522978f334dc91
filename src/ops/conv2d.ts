import { LovaszError } from "../errors.js";
import { describe, flag, integer, knownOptions } from "../options.js";
import { rgbaHint } from "../tensor/rgba.js";
import { tidy } from "../tensor/scope.js";
import { show } from "../tensor/shape.js";
import { overwriting, record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { parallel } from "../wasm/parallel.js";
import { convolve, filledLike, type Geometry, inputGradient, weightGradient } from "./convolution.js";
import { operand } from "./operand.js";
import { sumAxes } from "./sumAxes.js";

/** Options of `conv2d`. */
export interface Conv2dOptions {
  /** The number of pixels from one window to the next. Default 1. */
  stride?: number;
  /**
   * The number of rows and columns of zeros added on each side, or `"same"`: as many as keep height and width, for a stride of 1; where they
   * are odd, one more at the bottom and right. Default 0.
   */
  padding?: number | "same";
  /** The number of pixels from one tap of a window to the next. Default 1. */
  dilation?: number;
  /** The number of groups that the channels are divided into; each output channel sees those of its own group. Default 1. */
  groups?: number;
  /**
   * Whether to sum the products of the definition one by one where Winograd's algorithm would be faster, for windows of 3 x 3 and a stride of 1. Its
   * results differ by at most some 1e-5 of the largest; one pixel that is NaN or infinite makes up to 6 x 6 around it NaN; and numbers within a
   * factor of 100 of float32's largest may overflow. At a stride of 2, the gradient of the input may take one more row and column into each
   * window, of zeros, which make NaN of what is infinite. Default false.
   */
  exact?: boolean;
}

/**
 * The cross-correlation that deep learning calls convolution, of input [B, I, H, W] with weight [O, I / groups, kernelHeight, kernelWidth],
 * plus bias [O]. The result is [B, O, H', W'] with H' = floor((H + 2 padding - dilation (kernelHeight - 1) - 1) / stride) + 1. With as many
 * groups as channels it is a depthwise convolution. Throws `LovaszError` "shape" or "option".
 *
 * @example
 * ```js
 * import { conv2d, ones } from "lovasz";
 *
 * console.log(conv2d(ones([1, 3, 8, 8]), ones([4, 3, 3, 3]), null, { padding: 1 }).shape); // [ 1, 4, 8, 8 ]
 * console.log(conv2d(ones([1, 4, 8, 8]), ones([4, 1, 3, 3]), null, { groups: 4, dilation: 2, padding: "same" }).shape); // [ 1, 4, 8, 8 ]
 * ```
 */
export function conv2d(input: Tensor, weight: Tensor, bias?: Tensor | null, options: Conv2dOptions = {}): Tensor {
  return convolution(input, weight, bias ?? null, options, false);
}

/** relu of it, with fewer passes over memory, forward and backward. @internal */
export function conv2dRelu(input: Tensor, weight: Tensor, bias: Tensor | null, options: Conv2dOptions): Tensor {
  return convolution(input, weight, bias, options, true);
}

function convolution(input: Tensor, weight: Tensor, bias: Tensor | null, options: Conv2dOptions, isRelu: boolean): Tensor {
  const size = geometryOf(input, weight, bias, options);
  const inputs = bias ? [input, weight, bias] : [input, weight];
  const [x, w, b] = [input.pointer, weight.pointer, bias ? bias.pointer : 0];
  const out = tidy(() => {
    const made = Tensor.empty([size.batch, size.groups * size.outChannels, size.outHeight, size.outWidth]);
    convolve(size, x, w, b, made.pointer, isRelu);
    return made;
  });
  const saved = isRelu ? [input, weight, out] : [input, weight];
  return record(out, inputs, saved, (savedInput, savedWeight, savedOut) => (upstream, [needInput, needWeight, needBias]) => {
    const { gradient, sums } = isRelu ? throughRelu(savedOut, upstream) : { gradient: upstream, sums: null };
    return [
      needInput ? filledLike(savedInput, (to) => inputGradient(size, gradient.pointer, savedWeight.pointer, 0, to)) : null,
      needWeight ? filledLike(savedWeight, (to) => weightGradient(size, savedInput.pointer, gradient.pointer, to)) : null,
      ...(bias ? [needBias ? (sums ? sumAxes(sums, [0], 1) : sumAxes(gradient, [0, 2, 3], 1)) : null] : []),
    ];
  });
}

// the gradient of what `out` is relu of, and its sums over each plane, [B, O]
function throughRelu(out: Tensor, upstream: Tensor): { gradient: Tensor; sums: Tensor } {
  const [batch, channels, height, width] = out.shape;
  const plane = height * width;
  const sums = Tensor.empty([batch, channels]);
  const gradient = overwriting(upstream);
  parallel("reluGradSums_f32", { count: batch * channels, cost: 3 * plane }, (from, count) => {
    const at = 4 * from * plane;
    return [out.pointer + at, upstream.pointer + at, gradient.pointer + at, sums.pointer + 4 * from, count, plane];
  });
  return { gradient, sums };
}

function geometryOf(input: Tensor, weight: Tensor, bias: Tensor | null, options: Conv2dOptions): Geometry {
  const call = "conv2d(input, weight, bias, options)";
  operand(call, input, "input");
  operand(call, weight, "weight");
  if (bias !== null) operand(call, bias, "bias");
  const { stride, dilation, groups, padding, exact } = conv2dOptions(call, options);
  const [batch, channels, height, width] = input.shape;
  const [outputs, inChannels, kernelHeight, kernelWidth] = weight.shape;
  if (input.shape.length !== 4 || weight.shape.length !== 4 || channels !== groups * inChannels) {
    const came = `input ${show(input.shape)} and weight ${show(weight.shape)}${groups > 1 ? ` in ${groups} groups` : ""}`;
    const expected = `[B, I, H, W] and [O, ${groups > 1 ? `I / ${groups}` : "I"}, kernelHeight, kernelWidth]`;
    throw new LovaszError("shape", `${call}: shapes are ${came}, expected ${expected}${rgbaHint(input.shape, groups * inChannels)}`);
  }
  if (outputs % groups !== 0) {
    throw new LovaszError(
      "shape",
      `${call}: weight ${show(weight.shape)} has ${outputs} output channels, expected a multiple of groups, ${groups}`,
    );
  }
  checkBias(call, bias, outputs);
  const [reachY, reachX] = [dilation * (kernelHeight - 1), dilation * (kernelWidth - 1)];
  const [vertical, horizontal] = padding === "same" ? [reachY, reachX] : [2 * padding, 2 * padding];
  const outHeight = Math.floor((height + vertical - reachY - 1) / stride) + 1;
  const outWidth = Math.floor((width + horizontal - reachX - 1) / stride) + 1;
  if (outHeight < 1 || outWidth < 1 || kernelHeight < 1 || kernelWidth < 1) {
    const kernel = `a kernel of ${kernelHeight} x ${kernelWidth}${dilation > 1 ? ` with dilation ${dilation}` : ""}`;
    throw new LovaszError("shape", `${call}: ${kernel} does not fit planes of ${height} x ${width} with padding ${padding}`);
  }
  // a larger stride has the same effect, but may not fit in the 32 bits of the kernels
  const step = Math.min(stride, Math.max(height + vertical, width + horizontal));
  const [top, left] = [Math.floor(vertical / 2), Math.floor(horizontal / 2)];
  const outChannels = outputs / groups;
  // one literal without spreads: V8 makes a dictionary of what is spread and added to, and small convolutions feel that
  return {
    batch,
    groups,
    inChannels,
    outChannels,
    height,
    width,
    outHeight,
    outWidth,
    kernelHeight,
    kernelWidth,
    stride: step,
    dilation,
    top,
    left,
    exact,
  };
}

/** The options of a convolution, checked. @internal */
export function conv2dOptions(call: string, options: Conv2dOptions): Required<Conv2dOptions> {
  knownOptions(call, options, ["stride", "padding", "dilation", "groups", "exact"]);
  const stride = integer(call, "stride", options.stride, 1, 1);
  const dilation = integer(call, "dilation", options.dilation, 1, 1, MAX_PADDING);
  const groups = integer(call, "groups", options.groups, 1, 1, MAX_PADDING);
  const exact = flag(call, "exact", options.exact, false);
  if (typeof options.padding === "string") {
    if (options.padding !== "same") {
      throw new LovaszError("option", `${call}: padding is ${describe(options.padding)}, expected a number or "same"`);
    }
    if (stride > 1) throw new LovaszError("option", `${call}: padding is "same", expected a number where stride is ${stride}`);
    return { stride, dilation, groups, padding: "same", exact };
  }
  return { stride, dilation, groups, padding: integer(call, "padding", options.padding, 0, 0, MAX_PADDING), exact };
}

/** Refuses a bias that is not one number per output channel. @internal */
export function checkBias(call: string, bias: Tensor | null, channels: number): void {
  if (bias && (bias.shape.length !== 1 || bias.size !== channels)) {
    throw new LovaszError("shape", `${call}: bias has shape ${show(bias.shape)}, expected [${channels}], one per output channel`);
  }
}

/** The kernels address padded planes with 32 bits. @internal */
export const MAX_PADDING = 2 ** 27;
