// Shared by groupNorm and batchNorm: the same passes over different groups of values. A tensor is seen as [batch, units, plane]. All values
// of a unit, at every batch entry, are scaled alike; `shared` neighbouring units form a group, with one mean and one variance. A unit of
// batchNorm is a channel, and a group by itself. In groupNorm the batch is 1, and a unit is a channel of one image.
import { tidy } from "../tensor/scope.js";
import { overwriting, record } from "../tensor/tape.js";
import { type Backward, Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { scratch, viewF32, viewF64 } from "../wasm/memory.js";

/** How a tensor is seen. */
export interface Grouping {
  batch: number;
  units: number;
  plane: number;
  groups: number;
  /** The number of units in a group. */
  shared: number;
  /** The number of weights: unit u has weight u modulo this. */
  channels: number;
}

/** What the values are normalised by, one number per group. */
export interface Moments {
  mean: Float64Array;
  variance: Float64Array;
  /** Whether they are given; otherwise `normalise` computes them. */
  areFixed: boolean;
}

interface Norm extends Grouping {
  mean: Float64Array;
  /** 1 / sqrt(variance + eps). */
  rstd: Float64Array;
  /** The weight of a channel, as it was in the forward pass. */
  weightOf: (channel: number) => number;
}

/** Moments for `normalise` to compute. */
export const emptyMoments = (groups: number): Moments => ({
  mean: new Float64Array(groups),
  variance: new Float64Array(groups),
  areFixed: false,
});

/** (x - mean) / sqrt(variance + eps) weight + bias. Of the numbers computed here, the backward pass keeps only those of groups. */
export function normalise(
  x: Tensor,
  weight: Tensor | null,
  bias: Tensor | null,
  grouping: Grouping,
  moments: Moments,
  eps: number,
): Tensor {
  const pointer = x.pointer;
  const [weights, shifts] = [weight?.copy(), bias?.copy()];
  const { mean, variance, areFixed } = moments;
  const norm: Norm = { ...grouping, mean, rstd: new Float64Array(mean.length), weightOf: (channel) => weights?.[channel] ?? 1 };
  const out = tidy(() => {
    const made = Tensor.empty(x.shape);
    eachBlock(grouping, (from, to) => {
      if (!areFixed) measure(grouping, pointer, moments, from, to);
      for (let k = from; k < to; k++) norm.rstd[k] = 1 / Math.sqrt(variance[k] + eps);
      scale(grouping, pointer, made.pointer, [from, to], (rows, at, k, channel) => {
        const [centre, factor] = [Math.fround(mean[k]), norm.rstd[k] * norm.weightOf(channel)];
        rows[at] = centre;
        rows[at + 1] = factor;
        rows[at + 2] = (shifts?.[channel] ?? 0) + factor * (centre - mean[k]);
      });
    });
    return made;
  });
  const given = [x, weight, bias];
  const inputs = given.filter((one) => one !== null);
  return record(
    out,
    inputs,
    [x],
    (saved): Backward =>
      (upstream, needs) => {
        const [needX, needWeight, needBias] = given.map((one) => one !== null && needs[inputs.indexOf(one)]);
        // where all that is asked for is the gradient by x of fixed moments, the sums are not
        const sums = needWeight || needBias || !areFixed ? sumsOf(norm, upstream, saved) : new Float64Array(0);
        const byX = () => (areFixed ? scaledGradient(norm, upstream) : gradientByX(norm, upstream, saved, sums));
        const gradients = [
          needX ? byX() : null,
          needWeight ? perChannel(norm, (u, k) => norm.rstd[k] * sums[2 * u + 1]) : null,
          needBias ? perChannel(norm, (u) => sums[2 * u]) : null,
        ];
        return gradients.filter((_, i) => given[i] !== null);
      },
  );
}

// groups of so many bytes stay in the cache from the pass that measures them to the one that scales them
const BLOCK_BYTES = 2 ** 17;

function eachBlock({ batch, plane, groups, shared }: Grouping, use: (from: number, to: number) => void): void {
  const bytes = Math.max(1, 4 * batch * plane * shared);
  const step = Math.max(1, Math.floor(BLOCK_BYTES / bytes));
  for (let from = 0; from < groups; from += step) use(from, Math.min(groups, from + step));
}

// the bytes from one entry of the batch to the next
const strideOf = ({ units, plane }: Grouping) => 4 * units * plane;

// computes the moments of the groups in [from, to)
function measure(grouping: Grouping, x: number, moments: Moments, from: number, to: number): void {
  const { batch, plane, shared } = grouping;
  const [size, count] = [plane * shared, to - from];
  scratch([16 * count], (pairs) => {
    kernels.normMoments_f32(x + 4 * size * from, pairs, batch, count, size, strideOf(grouping));
    viewF64(pairs, 2 * count).forEach((value, i) => {
      (i % 2 === 0 ? moments.mean : moments.variance)[from + (i >> 1)] = value;
    });
  });
}

// writes the coefficients of a unit in group `k` from rows[at] on
type Write = (rows: Float32Array, at: number, k: number, channel: number) => void;

// the coefficients of the units of the groups in [from, to), as the kernels take them: centre, factor, shift, scale
function rowsOf({ shared, channels }: Grouping, [from, to]: readonly [number, number], write: Write): Float32Array {
  const rows = new Float32Array(4 * shared * (to - from));
  for (let at = 0, u = from * shared; at < rows.length; at += 4, u++) write(rows, at, Math.floor(u / shared), u % channels);
  return rows;
}

// out = (x - centre) factor + shift, of the groups in [from, to)
function scale(grouping: Grouping, x: number, out: number, range: readonly [number, number], write: Write): void {
  const { batch, plane, shared } = grouping;
  const rows = rowsOf(grouping, range, write);
  const start = 4 * plane * shared * range[0];
  scratch([rows.byteLength], (coefficients) => {
    viewF32(coefficients, rows.length).set(rows);
    kernels.normScale_f32(x + start, coefficients, out + start, batch, rows.length / 4, plane, strideOf(grouping));
  });
}

// of each unit: the sum of the upstream gradient g, and that of g (x - mean)
function sumsOf(norm: Norm, upstream: Tensor, x: Tensor): Float64Array {
  const { mean, batch, units, plane, groups, shared } = norm;
  const rows = rowsOf(norm, [0, groups], (all, at, k) => {
    all[at] = mean[k];
  });
  return scratch([rows.byteLength, 16 * units], (coefficients, pairs) => {
    viewF32(coefficients, rows.length).set(rows);
    kernels.normGradSums_f32(upstream.pointer, x.pointer, coefficients, pairs, batch, units, plane, strideOf(norm));
    const sums = viewF64(pairs, 2 * units).slice();
    // the kernel took the mean as float32
    for (let u = 0; u < units; u++) sums[2 * u + 1] += (rows[4 * u] - mean[Math.floor(u / shared)]) * sums[2 * u];
    return sums;
  });
}

// where the moments do not depend on x
function scaledGradient(norm: Norm, upstream: Tensor): Tensor {
  const gradient = overwriting(upstream);
  scale(norm, upstream.pointer, gradient.pointer, [0, norm.groups], (rows, at, k, channel) => {
    rows[at + 1] = norm.rstd[k] * norm.weightOf(channel);
  });
  return gradient;
}

// rstd (w g - mean(w g) - (x - mean) rstd^2 mean(w g (x - mean))), with means over the group: Ioffe, Szegedy, "Batch normalization" (2015),
// section 3, with the terms put together
function gradientByX(norm: Norm, upstream: Tensor, x: Tensor, sums: Float64Array): Tensor {
  const { mean, rstd, batch, units, plane, groups, shared, channels } = norm;
  const count = batch * plane * shared;
  const means = new Float64Array(2 * groups);
  for (let u = 0; u < units; u++) {
    const [k, weight] = [Math.floor(u / shared), norm.weightOf(u % channels)];
    means[2 * k] += (weight * sums[2 * u]) / count;
    means[2 * k + 1] += (weight * sums[2 * u + 1]) / count;
  }
  const rows = rowsOf(norm, [0, groups], (all, at, k, channel) => {
    const [centre, factor] = [Math.fround(mean[k]), -(rstd[k] ** 3) * means[2 * k + 1]];
    all[at] = centre;
    all[at + 1] = factor;
    all[at + 2] = factor * (centre - mean[k]) - rstd[k] * means[2 * k];
    all[at + 3] = rstd[k] * norm.weightOf(channel);
  });
  const gradient = overwriting(upstream);
  scratch([rows.byteLength], (coefficients) => {
    viewF32(coefficients, rows.length).set(rows);
    kernels.normGrad_f32(upstream.pointer, x.pointer, coefficients, gradient.pointer, batch, units, plane, strideOf(norm));
  });
  return gradient;
}

// a tensor with the sum of the terms of each channel's units
function perChannel({ units, shared, channels }: Grouping, termOf: (u: number, k: number) => number): Tensor {
  const totals = new Float64Array(channels);
  for (let u = 0; u < units; u++) totals[u % channels] += termOf(u, Math.floor(u / shared));
  const made = Tensor.empty([channels]);
  made.data.set(totals);
  return made;
}
