// Convolution and its gradients as eight nested sums in float64, from the definition.
import { at, build, flatIndex, indices, type Nd } from "./nd.js";

export interface Window {
  stride: number;
  /** Rows and columns of zeros on each side, or [top, bottom, left, right]. */
  padding: number | readonly [number, number, number, number];
  dilation?: number;
  groups?: number;
}

export function conv2d(input: Nd, weight: Nd, bias: Nd | null, window: Window): Nd {
  const [batch, , height, width] = input.shape;
  const [outChannels, , kernelHeight, kernelWidth] = weight.shape;
  const { stride, dilation = 1 } = window;
  const [top, bottom, left, right] = sides(window);
  const rows = Math.floor((height + top + bottom - dilation * (kernelHeight - 1) - 1) / stride) + 1;
  const columns = Math.floor((width + left + right - dilation * (kernelWidth - 1) - 1) / stride) + 1;
  const out = build([batch, outChannels, rows, columns], ([, o]) => (bias ? bias.values[o] : 0));
  eachProduct(input, weight, out, window, (i, w, o) => {
    out.values[o] += input.values[i] * weight.values[w];
  });
  return out;
}

/** The gradients of sum(out * upstream) for input, weight and bias. */
export function conv2dGradients(input: Nd, weight: Nd, upstream: Nd, window: Window): { input: Nd; weight: Nd; bias: Nd } {
  const gradients = {
    input: build(input.shape, () => 0),
    weight: build(weight.shape, () => 0),
    bias: build([weight.shape[0]], () => 0),
  };
  eachProduct(input, weight, upstream, window, (i, w, o) => {
    gradients.input.values[i] += upstream.values[o] * weight.values[w];
    gradients.weight.values[w] += upstream.values[o] * input.values[i];
  });
  for (const index of indices(upstream.shape)) gradients.bias.values[index[1]] += at(upstream, index);
  return gradients;
}

/** The transposed convolution of `input` with `weight` [I, O, ...] to planes of height x width, plus bias. */
export function convTranspose2d(input: Nd, weight: Nd, bias: Nd, [height, width]: readonly [number, number], window: Window): Nd {
  const out = build([input.shape[0], weight.shape[1], height, width], ([, o]) => bias.values[o]);
  eachProduct(out, weight, input, window, (o, w, i) => {
    out.values[o] += input.values[i] * weight.values[w];
  });
  return out;
}

function sides({ padding }: Window): readonly [number, number, number, number] {
  return typeof padding === "number" ? [padding, padding, padding, padding] : padding;
}

// the places in input, weight and output of every product that a convolution sums
function eachProduct(input: Nd, weight: Nd, out: Nd, window: Window, visit: (i: number, w: number, o: number) => void): void {
  const { stride, dilation = 1, groups = 1 } = window;
  const [top, , left] = sides(window);
  const [, , height, width] = input.shape;
  const [outputs, inChannels, kernelHeight, kernelWidth] = weight.shape;
  for (const [b, o, row, column] of indices(out.shape)) {
    const target = flatIndex(out.shape, [b, o, row, column]);
    const first = Math.floor(o / (outputs / groups)) * inChannels;
    for (const [c, ky, kx] of indices([inChannels, kernelHeight, kernelWidth])) {
      const [y, x] = [row * stride + ky * dilation - top, column * stride + kx * dilation - left];
      if (y < 0 || x < 0 || y >= height || x >= width) continue;
      visit(flatIndex(input.shape, [b, first + c, y, x]), flatIndex(weight.shape, [o, c, ky, kx]), target);
    }
  }
}
