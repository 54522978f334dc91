import { LovaszError } from "../errors.js";
import { flag, integer, knownOptions } from "../options.js";
import { tidy } from "../tensor/scope.js";
import { show } from "../tensor/shape.js";
import { record } from "../tensor/tape.js";
import { Tensor } from "../tensor/tensor.js";
import { checkBias, MAX_PADDING } from "./conv2d.js";
import { convolve, filledLike, type Geometry, inputGradient, weightGradient } from "./convolution.js";
import { operand } from "./operand.js";
import { sumAxes } from "./sumAxes.js";

/** Options of `convTranspose2d`. */
export interface ConvTranspose2dOptions {
  /** The number of output pixels from one window to the next. Default 1. */
  stride?: number;
  /** The number of rows and columns that are cut off on each side of the output. Default 0. */
  padding?: number;
  /** The number of rows and columns that the output has more at the bottom and right, less than the stride. Default 0. */
  outputPadding?: number;
  /**
   * Whether to sum the products of the definition one by one where Winograd's algorithm would be faster, for windows of 3 x 3 and a stride of 1. Its
   * results differ by at most some 1e-5 of the largest; one pixel that is NaN or infinite makes up to 6 x 6 around it NaN; and numbers within a
   * factor of 100 of float32's largest may overflow. At a stride of 2, the result may take one more row and column into each
   * window, of zeros, which make NaN of what is infinite. Default false.
   */
  exact?: boolean;
}

/**
 * The transpose of a convolution, which enlarges planes: each pixel of input [B, I, H, W] adds a window of weight
 * [I, O, kernelHeight, kernelWidth] to the output, plus bias [O]. The result is [B, O, H', W'] with
 * H' = (H - 1) stride - 2 padding + kernelHeight + outputPadding. It is the gradient that `conv2d` has for its input.
 * Throws `LovaszError` "shape" or "option".
 *
 * @example
 * ```js
 * import { convTranspose2d, ones } from "lovasz";
 *
 * console.log(convTranspose2d(ones([1, 8, 4, 4]), ones([8, 2, 2, 2]), null, { stride: 2 }).shape); // [ 1, 2, 8, 8 ]
 * ```
 */
export function convTranspose2d(input: Tensor, weight: Tensor, bias?: Tensor | null, options: ConvTranspose2dOptions = {}): Tensor {
  const size = geometryOf(input, weight, bias ?? null, options);
  const inputs = bias ? [input, weight, bias] : [input, weight];
  const [x, w, b] = [input.pointer, weight.pointer, bias ? bias.pointer : 0];
  const out = tidy(() => {
    const made = Tensor.empty([size.batch, size.inChannels, size.height, size.width]);
    inputGradient(size, x, w, b, made.pointer);
    return made;
  });
  return record(out, inputs, [input, weight], (savedInput, savedWeight) => (upstream, [needInput, needWeight, needBias]) => [
    needInput ? filledLike(savedInput, (to) => convolve(size, upstream.pointer, savedWeight.pointer, 0, to)) : null,
    needWeight ? filledLike(savedWeight, (to) => weightGradient(size, upstream.pointer, savedInput.pointer, to)) : null,
    ...(bias ? [needBias ? sumAxes(upstream, [0, 2, 3], 1) : null] : []),
  ]);
}

/** The options of a transposed convolution, checked. @internal */
export function convTranspose2dOptions(call: string, options: ConvTranspose2dOptions): Required<ConvTranspose2dOptions> {
  knownOptions(call, options, ["stride", "padding", "outputPadding", "exact"]);
  const stride = integer(call, "stride", options.stride, 1, 1, MAX_PADDING);
  const padding = integer(call, "padding", options.padding, 0, 0, MAX_PADDING);
  const outputPadding = integer(call, "outputPadding", options.outputPadding, 0, 0);
  if (outputPadding >= stride && outputPadding > 0) {
    throw new LovaszError("option", `${call}: outputPadding is ${outputPadding}, expected less than the stride, ${stride}`);
  }
  return { stride, padding, outputPadding, exact: flag(call, "exact", options.exact, false) };
}

// the convolution of which this is the transpose: its input is the output here
function geometryOf(input: Tensor, weight: Tensor, bias: Tensor | null, options: ConvTranspose2dOptions): Geometry {
  const call = "convTranspose2d(input, weight, bias, options)";
  operand(call, input, "input");
  operand(call, weight, "weight");
  if (bias !== null) operand(call, bias, "bias");
  const { stride, padding, outputPadding, exact } = convTranspose2dOptions(call, options);
  const [batch, outChannels, outHeight, outWidth] = input.shape;
  const [channels, inChannels, kernelHeight, kernelWidth] = weight.shape;
  if (input.shape.length !== 4 || weight.shape.length !== 4 || channels !== outChannels) {
    const came = `input ${show(input.shape)} and weight ${show(weight.shape)}`;
    throw new LovaszError("shape", `${call}: shapes are ${came}, expected [B, I, H, W] and [I, O, kernelHeight, kernelWidth]`);
  }
  checkBias(call, bias, inChannels);
  const extent = (count: number, kernel: number) => (count - 1) * stride - 2 * padding + kernel + outputPadding;
  const [height, width] = [extent(outHeight, kernelHeight), extent(outWidth, kernelWidth)];
  if (height < 1 || width < 1 || kernelHeight < 1 || kernelWidth < 1 || outHeight < 1 || outWidth < 1) {
    const came = `planes of ${outHeight} x ${outWidth} and a kernel of ${kernelHeight} x ${kernelWidth} with padding ${padding}`;
    throw new LovaszError("shape", `${call}: ${came} give an output of ${height} x ${width}, expected at least one pixel`);
  }
  // one literal, as in conv2d
  return {
    batch,
    groups: 1,
    inChannels,
    outChannels,
    height,
    width,
    outHeight,
    outWidth,
    kernelHeight,
    kernelWidth,
    stride,
    dilation: 1,
    top: padding,
    left: padding,
    exact,
  };
}
