// The struct that the kernel of a convolution takes: assembly/ops/convolution/convolution.ts lays it out and says what each field is.
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { dataView, scratch, viewF32 } from "../wasm/memory.js";
import { parallelEach } from "../wasm/parallel.js";
import { layout, writeStruct } from "../wasm/struct.js";
import { gradientPieces, type Piece } from "./gradientPieces.js";

const INTEGERS = {
  pass: kernels.CONVOLUTION_PASS,
  source: kernels.CONVOLUTION_SOURCE,
  batch: kernels.CONVOLUTION_BATCH,
  groups: kernels.CONVOLUTION_GROUPS,
  channels: kernels.CONVOLUTION_CHANNELS,
  height: kernels.CONVOLUTION_HEIGHT,
  width: kernels.CONVOLUTION_WIDTH,
  top: kernels.CONVOLUTION_TOP,
  left: kernels.CONVOLUTION_LEFT,
  kernelHeight: kernels.CONVOLUTION_KERNEL_HEIGHT,
  kernelWidth: kernels.CONVOLUTION_KERNEL_WIDTH,
  stride: kernels.CONVOLUTION_STRIDE,
  dilation: kernels.CONVOLUTION_DILATION,
  windowRows: kernels.CONVOLUTION_WINDOW_ROWS,
  windowColumns: kernels.CONVOLUTION_WINDOW_COLUMNS,
  target: kernels.CONVOLUTION_TARGET,
  targetChannels: kernels.CONVOLUTION_TARGET_CHANNELS,
  targetHeight: kernels.CONVOLUTION_TARGET_HEIGHT,
  targetWidth: kernels.CONVOLUTION_TARGET_WIDTH,
  weight: kernels.CONVOLUTION_WEIGHT,
  weightHeight: kernels.CONVOLUTION_WEIGHT_HEIGHT,
  weightWidth: kernels.CONVOLUTION_WEIGHT_WIDTH,
  bias: kernels.CONVOLUTION_BIAS,
  exact: kernels.CONVOLUTION_EXACT,
  relu: kernels.CONVOLUTION_RELU,
  strideY: kernels.CONVOLUTION_STRIDE_Y,
  firstY: kernels.CONVOLUTION_FIRST_Y,
  phasesY: kernels.CONVOLUTION_PHASES_Y,
  targetTop: kernels.CONVOLUTION_TARGET_TOP,
  strideX: kernels.CONVOLUTION_STRIDE_X,
  firstX: kernels.CONVOLUTION_FIRST_X,
  phasesX: kernels.CONVOLUTION_PHASES_X,
  targetLeft: kernels.CONVOLUTION_TARGET_LEFT,
};

const LAYOUT = layout(INTEGERS, { limit: kernels.CONVOLUTION_LIMIT }, { strideY: 1, phasesY: 1, strideX: 1, phasesX: 1 });

/** The sizes of a convolution of images [batch, groups, inChannels, height, width]; `top` rows and `left` columns of zeros come first. */
export interface Geometry {
  readonly batch: number;
  readonly groups: number;
  /** Of each group. */
  readonly inChannels: number;
  readonly outChannels: number;
  readonly height: number;
  readonly width: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly stride: number;
  readonly dilation: number;
  readonly top: number;
  readonly left: number;
  /** Whether Winograd's algorithm is ruled out. */
  readonly exact: boolean;
}

type Fields = Partial<Record<keyof typeof INTEGERS | "limit", number>>;

/** out = bias + the convolution of `input` with `weight`, or relu of it; a `bias` of 0 stands for none. All are pointers. */
export function convolve(size: Geometry, input: number, weight: number, bias: number, out: number, isRelu = false): void {
  const fields = windowsOf(size, kernels.FORWARD.value, input, weight, bias, out);
  fields.relu = Number(isRelu);
  run(fields);
}

/** out = the gradient of the weights, from the input and the upstream gradient. */
export function weightGradient(size: Geometry, input: number, upstream: number, out: number): void {
  run(windowsOf(size, kernels.WEIGHT_GRADIENT.value, input, out, 0, upstream));
}

/** A tensor of the shape of `other`, filled by `write`. */
export function filledLike(other: Tensor, write: (out: number) => void): Tensor {
  const made = Tensor.empty(other.shape);
  write(made.pointer);
  return made;
}

// One plain literal: small convolutions feel the time of spreads.
function windowsOf(size: Geometry, pass: number, source: number, weight: number, bias: number, target: number): Fields {
  return {
    pass,
    limit: limitOf(size),
    exact: Number(size.exact),
    relu: 0,
    source,
    weight,
    bias,
    target,
    batch: size.batch,
    groups: size.groups,
    channels: size.inChannels,
    height: size.height,
    width: size.width,
    top: size.top,
    left: size.left,
    kernelHeight: size.kernelHeight,
    kernelWidth: size.kernelWidth,
    stride: size.stride,
    dilation: size.dilation,
    windowRows: size.outHeight,
    windowColumns: size.outWidth,
    targetChannels: size.outChannels,
    targetHeight: size.outHeight,
    targetWidth: size.outWidth,
  };
}

/**
 * out = bias + the gradient of the input, from the upstream gradient. Each of its pixels depends on the kernel taps of a single phase of the
 * stride. The numbers of taps of two phases differ by one at most; phases with equally many are computed together.
 */
export function inputGradient(size: Geometry, upstream: number, weight: number, bias: number, out: number): void {
  if (isFilledUp(size)) {
    filledUp(size, weight, (filled, kernel) => inputGradient({ ...size, ...filled }, upstream, kernel, bias, out));
    return;
  }
  const { height, width, outHeight, outWidth, kernelHeight, kernelWidth, stride, dilation, top, left } = size;
  // a single window has no neighbour, so a stride of the whole kernel saves work
  const strideY = outHeight === 1 && dilation === 1 ? Math.max(stride, kernelHeight) : stride;
  const strideX = outWidth === 1 && dilation === 1 ? Math.max(stride, kernelWidth) : stride;
  // some pixels lie in no window
  if (strideY > kernelHeight || strideX > kernelWidth) fillWithBias(size, bias, out);
  for (const y of gradientPieces(height, kernelHeight, strideY, top)) {
    for (const x of gradientPieces(width, kernelWidth, strideX, left)) run(pieceOf(size, y, x, upstream, weight, bias, out));
  }
}

// a convolution of the upstream gradient, with the weights from the last tap to the first
function pieceOf(size: Geometry, y: Piece, x: Piece, upstream: number, weight: number, bias: number, target: number): Fields {
  return {
    pass: kernels.INPUT_GRADIENT.value,
    limit: limitOf(size),
    exact: Number(size.exact),
    source: upstream,
    weight,
    bias,
    target,
    batch: size.batch,
    groups: size.groups,
    channels: size.outChannels,
    height: size.outHeight,
    width: size.outWidth,
    top: (y.taps - 1) * size.dilation - y.start,
    left: (x.taps - 1) * size.dilation - x.start,
    kernelHeight: y.taps,
    kernelWidth: x.taps,
    stride: 1,
    dilation: size.dilation,
    windowRows: y.count,
    windowColumns: x.count,
    targetChannels: size.inChannels,
    targetHeight: size.height,
    targetWidth: size.width,
    weightHeight: size.kernelHeight,
    weightWidth: size.kernelWidth,
    strideY: y.stride,
    firstY: y.first,
    phasesY: y.phases,
    targetTop: y.start * y.stride + y.first - size.top,
    strideX: x.stride,
    firstX: x.first,
    phasesX: x.phases,
    targetLeft: x.start * x.stride + x.first - size.left,
  };
}

// Up to so many output channels, spreading the phases of a stride takes longer than products with zeros: measured, with 3 x 3 and a stride of
// 2, all phases at once take 0.4 of the time with 1, 0.6 with 8, and 1.05 with 32.
const FEW = 16;

// Whether zeros are added to the kernel. With a dilation, the taps of a phase are no longer a stride apart; and where each phase has equally many
// taps, all are computed together. Zeros make NaN of what is infinite, so an exact convolution has none without dilation.
function isFilledUp({ dilation, stride, kernelHeight, kernelWidth, outChannels, exact }: Geometry): boolean {
  if (stride === 1) return false;
  if (dilation > 1) return true;
  const isUneven = kernelHeight % stride > 0 || kernelWidth % stride > 0;
  return !exact && stride === 2 && outChannels <= FEW && isUneven && kernelHeight >= stride && kernelWidth >= stride;
}

// calls `use` with the kernel of the same convolution without dilation, and with a multiple of the stride of taps where those are few channels
function filledUp(size: Geometry, weight: number, use: (size: Partial<Geometry>, weight: number) => void): void {
  const { groups, inChannels, outChannels, kernelHeight: rows, kernelWidth: columns, dilation, stride } = size;
  const extent = (taps: number) => (taps - 1) * dilation + 1;
  const [kernelHeight, kernelWidth] = [rows, columns].map((taps) => (dilation > 1 ? extent(taps) : Math.ceil(taps / stride) * stride));
  const kernelCount = groups * inChannels * outChannels;
  scratch([4 * kernelCount * kernelHeight * kernelWidth], (filled) => {
    const to = viewF32(filled, kernelCount * kernelHeight * kernelWidth).fill(0);
    const from = viewF32(weight, kernelCount * rows * columns);
    for (let i = 0; i < from.length; i++) {
      const [row, column] = [Math.floor(i / columns), i % columns];
      const [kernel, y] = [Math.floor(row / rows), row % rows];
      to[(kernel * kernelHeight + y * dilation) * kernelWidth + column * dilation] = from[i];
    }
    use({ kernelHeight, kernelWidth, dilation: 1 }, filled);
  });
}

function fillWithBias({ batch, groups, inChannels, height, width }: Geometry, bias: number, out: number): void {
  const [channels, plane] = [groups * inChannels, height * width];
  const all = viewF32(out, batch * channels * plane).fill(0);
  if (bias === 0) return;
  const values = viewF32(bias, channels);
  for (let i = 0; i < batch * channels; i++) all.fill(values[i % channels], i * plane, (i + 1) * plane);
}

// a unit takes some 0.2 ms
const UNIT_COST = 2 ** 17;

function run(fields: Fields): void {
  scratch([kernels.CONVOLUTION_BYTES.value], (pointer) => {
    writeStruct(dataView(), pointer, LAYOUT, fields);
    scratch([kernels.planConvolution(pointer)], (shared) => {
      kernels.prepareConvolution(pointer, shared);
      const own = { argument: 2, bytes: kernels.convolutionScratch(pointer) };
      parallelEach("convolveUnit", { count: kernels.convolutionUnits(pointer), cost: UNIT_COST, own }, (unit) => [pointer, unit, 0]);
      kernels.finishConvolution(pointer);
    });
  });
}

// scratch may take four times the memory of all that a convolution reads and writes
function limitOf(size: Geometry): number {
  const { inChannels, outChannels } = size;
  const images = size.batch * (inChannels * size.height * size.width + outChannels * size.outHeight * size.outWidth);
  return 4 * 4 * size.groups * (images + inChannels * outChannels * size.kernelHeight * size.kernelWidth);
}
