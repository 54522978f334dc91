// groupNorm and batchNorm: the same passes over different groups of values. A tensor is seen as [batch, units, plane]. All values of a unit,
// at every batch entry, are scaled alike; `shared` neighbouring units form a group, with one mean and one variance. A unit of batchNorm is a
// channel, and a group by itself. In groupNorm the batch is 1, and a unit is a channel of one image. A call takes the groups in [from, to),
// one after another, so that a group is still in the cache when it is read again.
import { addDifferences, addProducts, blendRow, scaleRow } from "./normRows";

/** A tensor to be normalised. TypeScript writes it by the offsets below (src/ops/norm.ts). Pointers are to float32, or float64 as said. */
// @ts-ignore: decorator
@unmanaged
export class Norm {
  x: usize = 0;
  /** What is written: the values normalised, or the gradient by x, which 0 leaves out. */
  out: usize = 0;
  upstream: usize = 0;
  /** One number for each channel, or 0 for none; unit u has channel u modulo `channels`. */
  weight: usize = 0;
  bias: usize = 0;
  /** float64, one for each group. */
  mean: usize = 0;
  variance: usize = 0;
  /** Two float64 for each unit: the sum of the upstream gradient g, and that of g (x - mean); 0 if neither is needed. */
  sums: usize = 0;
  batch: u32 = 0;
  units: u32 = 0;
  plane: u32 = 0;
  shared: u32 = 0;
  channels: u32 = 0;
  /** Whether mean and variance do not depend on x. */
  areFixed: u32 = 0;
  /** Added to the variance. */
  eps: f64 = 0;

  /** The bytes of a unit at one batch entry. */
  // @ts-ignore: decorator
  @inline
  get bytes(): usize {
    return (this.plane as usize) << 2;
  }

  /** The bytes from one batch entry to the next. */
  // @ts-ignore: decorator
  @inline
  get stride(): usize {
    return this.bytes * (this.units as usize);
  }

  // @ts-ignore: decorator
  @inline
  weightOf(unit: u32): f64 {
    return this.weight ? (load<f32>(this.weight + (((unit % this.channels) as usize) << 2)) as f64) : 1;
  }

  // @ts-ignore: decorator
  @inline
  biasOf(unit: u32): f64 {
    return this.bias ? (load<f32>(this.bias + (((unit % this.channels) as usize) << 2)) as f64) : 0;
  }
}

export const NORM_X: usize = offsetof<Norm>("x");
export const NORM_OUT: usize = offsetof<Norm>("out");
export const NORM_UPSTREAM: usize = offsetof<Norm>("upstream");
export const NORM_WEIGHT: usize = offsetof<Norm>("weight");
export const NORM_BIAS: usize = offsetof<Norm>("bias");
export const NORM_MEAN: usize = offsetof<Norm>("mean");
export const NORM_VARIANCE: usize = offsetof<Norm>("variance");
export const NORM_SUMS: usize = offsetof<Norm>("sums");
export const NORM_BATCH: usize = offsetof<Norm>("batch");
export const NORM_UNITS: usize = offsetof<Norm>("units");
export const NORM_PLANE: usize = offsetof<Norm>("plane");
export const NORM_SHARED: usize = offsetof<Norm>("shared");
export const NORM_CHANNELS: usize = offsetof<Norm>("channels");
export const NORM_ARE_FIXED: usize = offsetof<Norm>("areFixed");
export const NORM_EPS: usize = offsetof<Norm>("eps");
export const NORM_BYTES: usize = offsetof<Norm>();

/** out = (x - mean) / sqrt(variance + eps) weight + bias, for the groups in [from, to) of the `Norm` at `pointer`; computes the moments, too. */
export function norm_f32(pointer: usize, from: u32, to: u32): void {
  const norm = changetype<Norm>(pointer);
  for (let k = from; k < to; k++) {
    const at = (k as usize) << 3;
    if (!norm.areFixed) measure(norm, k);
    const mean = load<f64>(norm.mean + at);
    const rstd = 1 / Math.sqrt(load<f64>(norm.variance + at) + norm.eps);
    const centre = mean as f32;
    for (let u = k * norm.shared, end = u + norm.shared; u < end; u++) {
      const factor = rstd * norm.weightOf(u);
      const shift = norm.biasOf(u) + factor * ((centre as f64) - mean);
      let i = norm.bytes * (u as usize);
      for (let b: u32 = 0; b < norm.batch; b++, i += norm.stride) {
        scaleRow(norm.x + i, norm.out + i, norm.bytes, centre, factor as f32, shift as f32);
      }
    }
  }
}

// The mean and the variance of group k, 0 where it is empty. Sums are of differences from a mean of some elements, so that a mean far
// from 0 costs the variance no digits.
function measure(norm: Norm, k: u32): void {
  const at = (k as usize) << 3;
  const bytes = norm.bytes * (norm.shared as usize);
  const count = max((norm.batch as f64) * (norm.plane as f64) * (norm.shared as f64), 1);
  const x = norm.x + bytes * (k as usize);
  const pivot: f32 = norm.batch == 0 || bytes == 0 ? 0 : meanOfSome(x, norm.plane * norm.shared);
  const sums = pairOf();
  for (let b: u32 = 0; b < norm.batch; b++) addDifferences(x + norm.stride * (b as usize), bytes, pivot, sums);
  const shift = load<f64>(sums) / count;
  store<f64>(norm.mean + at, (pivot as f64) + shift);
  store<f64>(norm.variance + at, max(load<f64>(sums, 8) / count - shift * shift, 0));
}

// of elements all over the first batch entry, as those at its border may be unlike the others
function meanOfSome(x: usize, n: u32): f32 {
  const step = max<u32>(1, n / SAMPLES);
  let sum: f64 = 0;
  let count: f64 = 0;
  for (let i: u32 = 0; i < n; i += step) {
    sum += load<f32>(x + ((i as usize) << 2)) as f64;
    count += 1;
  }
  return (sum / count) as f32;
}

const SAMPLES: u32 = 64;

const pair = memory.data(16, 16);

function pairOf(): usize {
  store<f64>(pair, 0);
  store<f64>(pair, 0, 8);
  return pair;
}

/** The gradient of `norm_f32` by x, and the sums that those by weight and bias follow from, for the groups in [from, to). */
export function normGrad_f32(pointer: usize, from: u32, to: u32): void {
  const norm = changetype<Norm>(pointer);
  for (let k = from; k < to; k++) {
    const at = (k as usize) << 3;
    const mean = load<f64>(norm.mean + at);
    const rstd = 1 / Math.sqrt(load<f64>(norm.variance + at) + norm.eps);
    if (norm.sums) addUpGroup(norm, k, mean);
    if (norm.out && norm.areFixed) scaleGroup(norm, k, rstd);
    else if (norm.out) gradientOfGroup(norm, k, mean, rstd);
  }
}

function addUpGroup(norm: Norm, k: u32, mean: f64): void {
  const centre = mean as f32;
  for (let u = k * norm.shared, end = u + norm.shared; u < end; u++) {
    const sums = norm.sums + ((u as usize) << 4);
    store<f64>(sums, 0);
    store<f64>(sums, 0, 8);
    let i = norm.bytes * (u as usize);
    for (let b: u32 = 0; b < norm.batch; b++, i += norm.stride) addProducts(norm.upstream + i, norm.x + i, norm.bytes, centre, sums);
    // the products are with the mean as float32
    store<f64>(sums, load<f64>(sums, 8) + ((centre as f64) - mean) * load<f64>(sums), 8);
  }
}

// where the moments do not depend on x
function scaleGroup(norm: Norm, k: u32, rstd: f64): void {
  for (let u = k * norm.shared, end = u + norm.shared; u < end; u++) {
    const factor = (rstd * norm.weightOf(u)) as f32;
    let i = norm.bytes * (u as usize);
    for (let b: u32 = 0; b < norm.batch; b++, i += norm.stride) scaleRow(norm.upstream + i, norm.out + i, norm.bytes, 0, factor, 0);
  }
}

// rstd (w g - mean(w g) - (x - mean) rstd^2 mean(w g (x - mean))), with means over the group: Ioffe, Szegedy, "Batch normalization" (2015),
// section 3, with the terms put together
function gradientOfGroup(norm: Norm, k: u32, mean: f64, rstd: f64): void {
  const count = (norm.batch as f64) * (norm.plane as f64) * (norm.shared as f64);
  const first = k * norm.shared;
  let sum: f64 = 0;
  let product: f64 = 0;
  for (let u = first; u < first + norm.shared; u++) {
    const sums = norm.sums + ((u as usize) << 4);
    sum += norm.weightOf(u) * load<f64>(sums);
    product += norm.weightOf(u) * load<f64>(sums, 8);
  }
  const centre = mean as f32;
  const factor = (-rstd * rstd * rstd * product) / count;
  const shift = factor * ((centre as f64) - mean) - (rstd * sum) / count;
  for (let u = first; u < first + norm.shared; u++) {
    const scale = (rstd * norm.weightOf(u)) as f32;
    let i = norm.bytes * (u as usize);
    for (let b: u32 = 0; b < norm.batch; b++, i += norm.stride) {
      blendRow(norm.upstream + i, norm.x + i, norm.out + i, norm.bytes, scale, centre, factor as f32, shift as f32);
    }
  }
}
