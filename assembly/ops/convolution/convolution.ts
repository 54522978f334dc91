// What the kernel of a convolution is given: one struct instead of a long list of arguments. TypeScript writes the upper part by the offsets
// that index.ts exports (src/ops/convolution.ts), the kernel itself the lower one.

/** What is computed: the convolution, or the gradient of its input, or that of its weights. */
export const FORWARD: u32 = 0;
export const INPUT_GRADIENT: u32 = 1;
export const WEIGHT_GRADIENT: u32 = 2;

/** A convolution of images, or of their upstream gradient. Once it is prepared, nothing writes to it: threads read it at the same time. */
// @ts-ignore: decorator
@unmanaged
export class Convolution {
  pass: u32 = 0;
  /** f32 [batch, groups, channels, height, width]: what the windows are cut from, after `top` rows and `left` columns of zeros. */
  source: usize = 0;
  batch: u32 = 0;
  groups: u32 = 0;
  channels: u32 = 0;
  height: i32 = 0;
  width: i32 = 0;
  /** Below 0: so many rows or columns of the source are left out. */
  top: i32 = 0;
  left: i32 = 0;
  /** The taps of a window, `dilation` pixels apart, and how many windows there are, `stride` pixels apart. */
  kernelHeight: u32 = 0;
  kernelWidth: u32 = 0;
  stride: u32 = 0;
  dilation: u32 = 0;
  windowRows: u32 = 0;
  windowColumns: u32 = 0;
  /** f32 [batch, groups, targetChannels, targetHeight, targetWidth]: receives the result; of weightGradient.ts the upstream gradient. */
  target: usize = 0;
  targetChannels: u32 = 0;
  targetHeight: u32 = 0;
  targetWidth: u32 = 0;
  /**
   * f32 [groups, targetChannels, channels, kernelHeight, kernelWidth]; the gradient of them, for weightGradient.ts; for inputGradient.ts
   * [groups, channels, targetChannels, weightHeight, weightWidth].
   */
  weight: usize = 0;
  weightHeight: u32 = 0;
  weightWidth: u32 = 0;
  /** f32 [groups, targetChannels], or 0. */
  bias: usize = 0;
  /** The phases of inputGradient.ts along each axis (src/ops/gradientPieces.ts), and the pixel of the target that comes first. */
  strideY: i32 = 1;
  firstY: u32 = 0;
  phasesY: u32 = 1;
  targetTop: i32 = 0;
  strideX: i32 = 1;
  firstX: u32 = 0;
  phasesX: u32 = 1;
  targetLeft: i32 = 0;
  /** Other than 0: the products of the definition only, no Winograd. */
  exact: u32 = 0;
  /** Other than 0: of the results of a convolution, those below 0 become 0. */
  relu: u32 = 0;
  /** What is planned may take so many bytes, where that is a choice. */
  limit: f64 = 0;

  // what plan.ts and winograd/plan.ts derive

  isWinograd: bool = false;
  /** Units of work, and how many tiles or blocks there are, and in a unit. */
  units: u32 = 0;
  items: u32 = 0;
  perUnit: u32 = 0;
  /** The float64 sums of weightGradient.ts, those of each unit by themselves. */
  sums: usize = 0;
  /** Weights and biases, and the offsets of the taps (multiply.ts); of winograd/, the transformed weights. */
  packed: usize = 0;
  terms: usize = 0;
  termsEnd: usize = 0;
  /** Whether windows are read from the source as it lies there, or else from the padded pixels of a tile (pad.ts). */
  inPlace: bool = false;
  /** The extent of the planes that windows are read from. */
  planeHeight: u32 = 0;
  planeWidth: u32 = 0;
  /** How many rows and columns of windows a tile has at most, and how many such tiles a plane has. */
  tileRows: u32 = 0;
  tileColumns: u32 = 0;
  tilesDown: u32 = 0;
  tilesAcross: u32 = 0;
  /** Of winograd/: tiles in a block, and blocks in a group. */
  blockTiles: u32 = 0;
  blocks: u32 = 0;

  /** The taps of a window in all channels. */
  // @ts-ignore: decorator
  @inline
  get termCount(): u32 {
    return this.channels * this.kernelHeight * this.kernelWidth;
  }

  /** Results of a window: a channel of the target for each phase. */
  // @ts-ignore: decorator
  @inline
  get outChannels(): u32 {
    return this.targetChannels * this.phasesY * this.phasesX;
  }

  /** Bytes of the packed weights of a group: blocks of four channels, a bias and the taps of each. */
  // @ts-ignore: decorator
  @inline
  get packedBytes(): usize {
    return (((this.outChannels + 3) >> 2) as usize) * ((this.termCount as usize) + 1) * 16;
  }

  /** Weights of a group. */
  // @ts-ignore: decorator
  @inline
  get weights(): u32 {
    return this.targetChannels * this.termCount;
  }

  /** Planes of padded pixels for each channel: one for each phase of the stride that a tap reads. */
  // @ts-ignore: decorator
  @inline
  get planeRows(): u32 {
    return min(this.stride, (this.kernelHeight - 1) * this.dilation + 1);
  }

  // @ts-ignore: decorator
  @inline
  get planeColumns(): u32 {
    return min(this.stride, (this.kernelWidth - 1) * this.dilation + 1);
  }

  /** Bytes from row to row of a padded plane. */
  // @ts-ignore: decorator
  @inline
  get pitch(): usize {
    return (this.planeWidth as usize) << 2;
  }
}

export const CONVOLUTION_PASS: usize = offsetof<Convolution>("pass");
export const CONVOLUTION_SOURCE: usize = offsetof<Convolution>("source");
export const CONVOLUTION_BATCH: usize = offsetof<Convolution>("batch");
export const CONVOLUTION_GROUPS: usize = offsetof<Convolution>("groups");
export const CONVOLUTION_CHANNELS: usize = offsetof<Convolution>("channels");
export const CONVOLUTION_HEIGHT: usize = offsetof<Convolution>("height");
export const CONVOLUTION_WIDTH: usize = offsetof<Convolution>("width");
export const CONVOLUTION_TOP: usize = offsetof<Convolution>("top");
export const CONVOLUTION_LEFT: usize = offsetof<Convolution>("left");
export const CONVOLUTION_KERNEL_HEIGHT: usize = offsetof<Convolution>("kernelHeight");
export const CONVOLUTION_KERNEL_WIDTH: usize = offsetof<Convolution>("kernelWidth");
export const CONVOLUTION_STRIDE: usize = offsetof<Convolution>("stride");
export const CONVOLUTION_DILATION: usize = offsetof<Convolution>("dilation");
export const CONVOLUTION_WINDOW_ROWS: usize = offsetof<Convolution>("windowRows");
export const CONVOLUTION_WINDOW_COLUMNS: usize = offsetof<Convolution>("windowColumns");
export const CONVOLUTION_TARGET: usize = offsetof<Convolution>("target");
export const CONVOLUTION_TARGET_CHANNELS: usize = offsetof<Convolution>("targetChannels");
export const CONVOLUTION_TARGET_HEIGHT: usize = offsetof<Convolution>("targetHeight");
export const CONVOLUTION_TARGET_WIDTH: usize = offsetof<Convolution>("targetWidth");
export const CONVOLUTION_WEIGHT: usize = offsetof<Convolution>("weight");
export const CONVOLUTION_WEIGHT_HEIGHT: usize = offsetof<Convolution>("weightHeight");
export const CONVOLUTION_WEIGHT_WIDTH: usize = offsetof<Convolution>("weightWidth");
export const CONVOLUTION_BIAS: usize = offsetof<Convolution>("bias");
export const CONVOLUTION_STRIDE_Y: usize = offsetof<Convolution>("strideY");
export const CONVOLUTION_FIRST_Y: usize = offsetof<Convolution>("firstY");
export const CONVOLUTION_PHASES_Y: usize = offsetof<Convolution>("phasesY");
export const CONVOLUTION_TARGET_TOP: usize = offsetof<Convolution>("targetTop");
export const CONVOLUTION_STRIDE_X: usize = offsetof<Convolution>("strideX");
export const CONVOLUTION_FIRST_X: usize = offsetof<Convolution>("firstX");
export const CONVOLUTION_PHASES_X: usize = offsetof<Convolution>("phasesX");
export const CONVOLUTION_TARGET_LEFT: usize = offsetof<Convolution>("targetLeft");
export const CONVOLUTION_EXACT: usize = offsetof<Convolution>("exact");
export const CONVOLUTION_RELU: usize = offsetof<Convolution>("relu");
export const CONVOLUTION_LIMIT: usize = offsetof<Convolution>("limit");
// a whole number of float64
export const CONVOLUTION_BYTES: usize = (offsetof<Convolution>() + 7) & ~7;
