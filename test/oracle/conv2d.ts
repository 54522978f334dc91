// Convolution and its gradients as seven nested sums in float64, from the definition.
import { at, build, flatIndex, indices, type Nd } from "./nd.js";

export interface Window {
  stride: number;
  padding: number;
}

export function conv2d(input: Nd, weight: Nd, bias: Nd | null, { stride, padding }: Window): Nd {
  const [batch, , height, width] = input.shape;
  const [outChannels, , kernelHeight, kernelWidth] = weight.shape;
  const rows = Math.floor((height + 2 * padding - kernelHeight) / stride) + 1;
  const columns = Math.floor((width + 2 * padding - kernelWidth) / stride) + 1;
  const out = build([batch, outChannels, rows, columns], ([, o]) => (bias ? bias.values[o] : 0));
  eachProduct(input, weight, out, { stride, padding }, (i, w, o) => {
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

// the places in input, weight and output of every product that a convolution sums
function eachProduct(input: Nd, weight: Nd, out: Nd, { stride, padding }: Window, visit: (i: number, w: number, o: number) => void): void {
  const [, inChannels, height, width] = input.shape;
  const [, , kernelHeight, kernelWidth] = weight.shape;
  for (const [b, o, row, column] of indices(out.shape)) {
    const target = flatIndex(out.shape, [b, o, row, column]);
    for (const [c, ky, kx] of indices([inChannels, kernelHeight, kernelWidth])) {
      const [y, x] = [row * stride + ky - padding, column * stride + kx - padding];
      if (y < 0 || x < 0 || y >= height || x >= width) continue;
      visit(flatIndex(input.shape, [b, c, y, x]), flatIndex(weight.shape, [o, c, ky, kx]), target);
    }
  }
}
