// Shared by groupNorm and batchNorm. assembly/ops/norm.ts says how a tensor is divided into units and groups, and what the kernels compute.
import { tidy } from "../tensor/scope.js";
import { overwriting, record } from "../tensor/tape.js";
import { type Backward, Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { dataView, scratch, viewF32, viewF64 } from "../wasm/memory.js";
import { parallel } from "../wasm/parallel.js";
import { layout, writeStruct } from "../wasm/struct.js";

/** How a tensor is seen: as [batch, units, plane]. */
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

/** Moments for `normalise` to compute. */
export const emptyMoments = (groups: number): Moments => ({
  mean: new Float64Array(groups),
  variance: new Float64Array(groups),
  areFixed: false,
});

const LAYOUT = layout(
  {
    x: kernels.NORM_X,
    out: kernels.NORM_OUT,
    upstream: kernels.NORM_UPSTREAM,
    weight: kernels.NORM_WEIGHT,
    bias: kernels.NORM_BIAS,
    mean: kernels.NORM_MEAN,
    variance: kernels.NORM_VARIANCE,
    sums: kernels.NORM_SUMS,
    batch: kernels.NORM_BATCH,
    units: kernels.NORM_UNITS,
    plane: kernels.NORM_PLANE,
    shared: kernels.NORM_SHARED,
    channels: kernels.NORM_CHANNELS,
    areFixed: kernels.NORM_ARE_FIXED,
  },
  { eps: kernels.NORM_EPS },
);

interface Norm {
  grouping: Grouping;
  moments: Moments;
  eps: number;
  /** As they were in the forward pass. */
  weights: Float32Array | null;
}

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
  const norm: Norm = { grouping, moments, eps, weights: weight?.copy() ?? null };
  const shift = bias ? bias.pointer : 0;
  const out = tidy(() => {
    const made = Tensor.empty(x.shape);
    run(norm, "norm_f32", { x: pointer, out: made.pointer, bias: shift, sums: 0, upstream: 0 });
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
        const gradients = gradientsOf(norm, saved, upstream, needX, needWeight || needBias);
        const ofParameters = [needWeight ? gradients.byWeight() : null, needBias ? gradients.byBias() : null];
        return [gradients.byX, ...ofParameters].filter((_, i) => given[i] !== null);
      },
  );
}

// `needSums`: whether the gradient by weight or bias is asked for
function gradientsOf(norm: Norm, x: Tensor, upstream: Tensor, needX: boolean, needSums: boolean) {
  const { grouping, moments, eps } = norm;
  const { units, shared, channels } = grouping;
  const hasSums = needSums || !moments.areFixed;
  const [xPointer, upstreamPointer] = [x.pointer, upstream.pointer];
  const byX = needX ? overwriting(upstream) : null;
  const sums = scratch([hasSums ? 16 * units : 0], (pairs) => {
    const pointers = { x: xPointer, out: byX ? byX.pointer : 0, upstream: upstreamPointer, bias: 0, sums: hasSums ? pairs : 0 };
    run(norm, "normGrad_f32", pointers);
    return viewF64(pairs, hasSums ? 2 * units : 0).slice();
  });
  // a tensor with the sum of the terms of each channel's units
  const perChannel = (termOf: (u: number) => number): Tensor => {
    const totals = new Float64Array(channels);
    for (let u = 0; u < units; u++) totals[u % channels] += termOf(u);
    const made = Tensor.empty([channels]);
    made.data.set(totals);
    return made;
  };
  const rstd = (k: number) => 1 / Math.sqrt(moments.variance[k] + eps);
  return {
    byX,
    byWeight: () => perChannel((u) => rstd(Math.floor(u / shared)) * sums[2 * u + 1]),
    byBias: () => perChannel((u) => sums[2 * u]),
  };
}

/** Pointers. */
interface Places {
  x: number;
  out: number;
  upstream: number;
  bias: number;
  sums: number;
}

// calls `kernel` with all groups of `norm`, and moves the moments in and, unless they are fixed, out
function run({ grouping, moments, eps, weights }: Norm, kernel: "norm_f32" | "normGrad_f32", places: Places): void {
  const { batch, units, plane, groups, shared, channels } = grouping;
  const { mean, variance, areFixed } = moments;
  const bytes = kernels.NORM_BYTES.value;
  scratch([bytes + 16 * groups + 4 * (weights ? weights.length : 0)], (pointer) => {
    const [means, weight] = [pointer + bytes, pointer + bytes + 16 * groups];
    // one literal without spreads, which V8 makes a dictionary of
    writeStruct(dataView(), pointer, LAYOUT, {
      x: places.x,
      out: places.out,
      upstream: places.upstream,
      weight: weights ? weight : 0,
      bias: places.bias,
      mean: means,
      variance: means + 8 * groups,
      sums: places.sums,
      batch,
      units,
      plane,
      shared,
      channels,
      areFixed: Number(areFixed),
      eps,
    });
    viewF64(means, groups).set(mean);
    viewF64(means + 8 * groups, groups).set(variance);
    if (weights) viewF32(weight, weights.length).set(weights);
    parallel(kernel, { count: groups, cost: 2 * batch * plane * shared }, (from, count) => [pointer, from, from + count]);
    if (areFixed) return;
    mean.set(viewF64(means, groups));
    variance.set(viewF64(means + 8 * groups, groups));
  });
}
