// Group and batch normalisation by their definition: each value minus the mean of its group, over the group's deviation.
import { indices, type Nd, sum } from "./nd.js";

interface Moments {
  mean: number;
  variance: number;
}

export interface Normed {
  out: Float64Array;
  inputGrad: Float64Array;
  weightGrad: number[];
  biasGrad: number[];
  /** By the name of the group. */
  moments: Map<string, Moments>;
}

export interface NormArguments {
  weight: ArrayLike<number> | null;
  bias: ArrayLike<number> | null;
  upstream: ArrayLike<number>;
  /** Default 1e-5. */
  eps?: number;
  /** Of a group, instead of those of its values. */
  fixed?: (group: string) => Moments;
}

/** Normalises `x` [B, C, ...] in the groups that `groupOf` names, then scales its channels; and the gradients under `upstream`. */
export function normReference(x: Nd, groupOf: (index: readonly number[]) => string, norm: NormArguments): Normed {
  const { weight, bias, upstream, eps = 1e-5, fixed } = norm;
  const all = indices(x.shape);
  const [out, inputGrad] = [new Float64Array(all.length), new Float64Array(all.length)];
  const [weightGrad, biasGrad] = [0, 1].map(() => new Array<number>(x.shape[1]).fill(0));
  const moments = new Map<string, Moments>();
  for (const [group, own] of membersOf(all, groupOf)) {
    const values = own.map((i) => x.values[i]);
    const { mean, variance } = fixed?.(group) ?? momentsOf(values);
    moments.set(group, { mean, variance });
    const deviation = Math.sqrt(variance + eps);
    const normal = values.map((value) => (value - mean) / deviation);
    const slopes = own.map((i) => upstream[i] * (weight?.[all[i][1]] ?? 1));
    // what reaches a value through the mean, and through the deviation
    const [byMean, byDeviation] = fixed ? [0, 0] : [sum(slopes) / own.length, sum(slopes.map((g, j) => g * normal[j])) / own.length];
    own.forEach((i, j) => {
      const channel = all[i][1];
      out[i] = normal[j] * (weight?.[channel] ?? 1) + (bias?.[channel] ?? 0);
      inputGrad[i] = (slopes[j] - byMean - normal[j] * byDeviation) / deviation;
      weightGrad[channel] += upstream[i] * normal[j];
      biasGrad[channel] += upstream[i];
    });
  }
  return { out, inputGrad, weightGrad, biasGrad, moments };
}

function momentsOf(values: readonly number[]): Moments {
  const mean = sum(values) / values.length;
  return { mean, variance: sum(values.map((value) => (value - mean) ** 2)) / values.length };
}

function membersOf(all: readonly number[][], groupOf: (index: readonly number[]) => string): Map<string, number[]> {
  const members = new Map<string, number[]>();
  for (const [i, index] of all.entries()) {
    const group = groupOf(index);
    const own = members.get(group);
    if (own) own.push(i);
    else members.set(group, [i]);
  }
  return members;
}
