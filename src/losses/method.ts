// The options `method` and `bins`: how a Lovász loss orders its errors.
import { LovaszError } from "../errors.js";
import { choice, describe, integer } from "../options.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";

/** Options of the Lovász losses for how they order their errors. */
export interface MethodOptions {
  /**
   * `"sort"` computes the exact loss. `"histogram"` counts the errors in `bins` bins of equal width and treats the errors of a bin as
   * equal. The loss is then within one bin width of the exact one. That width is 1 / bins where errors are at most 1; for the hinge
   * and for given errors it is the smallest power of two above the largest error, divided by `bins`. Default `"sort"`.
   */
  method?: "sort" | "histogram";
  /** The number of bins of the histogram, from 2 to 2^20. Default 65,536. */
  bins?: number;
}

/** The default of `bins`. */
const BINS = 65_536;

/** Checks the options above and returns the number of bins, or 0 to sort. */
export function methodOf(call: string, { method, bins }: MethodOptions): number {
  if (choice(call, "method", method, ["sort", "histogram"], "sort") === "histogram") return checkBins(call, bins);
  if (bins === undefined) return 0;
  throw new LovaszError("option", `${call}: bins is ${describe(bins)}, but method is "sort", which has none; pass { method: "histogram" }`);
}

/** Returns `bins` after checking it. */
export function checkBins(call: string, bins: unknown): number {
  return integer(call, "bins", bins, BINS, 2, 2 ** 20);
}

/** The kinds of errors, as numbered in assembly/lovasz/errors/key.ts. */
export const KIND = {
  hinge: kernels.HINGE.value,
  sigmoid: kernels.SIGMOID.value,
  probability: kernels.UNIT.value,
  softmax: kernels.SOFTMAX.value,
  errors: kernels.RAW.value,
} as const;

/** One class in one group of images, whose errors a histogram counts. */
export interface Counting {
  /** A pointer to the addresses of the errors' bins, where the gradient goes later. */
  addresses: number;
  /** The bytes from the addresses of one image to those of the next. */
  stride: number;
  images: number;
  /** The number of pixels of each image. */
  n: number;
  /** A pointer to the weights [images, n], or 0. */
  weights: number;
  /** The total weight of the positives: without weights, their number. */
  positives: number;
  bins: number;
  /** An upper bound of the errors. */
  range: number;
  alpha: number;
  beta: number;
  /** A factor on the gradient: this of positives, its absolute value of negatives. */
  scale: number;
  /** Memory from `binTable`. */
  table: number;
}

/** A pointer to memory for the counts, gradients and (`weighted`) total weights of `bins` bins. Call it within `tidy`. */
export function binTable(bins: number, weighted: boolean): number {
  return Tensor.empty([(bins + 1) * (weighted ? 6 : 2)]).pointer;
}

/** The kernels that `countedLoss` needs. */
export type CountingKernels = Pick<typeof kernels, "addWeights" | "countBins" | "fill_f32" | "gradientOfBins" | "scanBins">;

/** The loss of `one`, whose pointers are into the memory of `core`. Its gradient overwrites the addresses of the bins. */
export function countedLoss(one: Counting, core: CountingKernels = kernels): number {
  const { addresses, stride, images, n, weights, positives, bins, range, alpha, beta, scale, table } = one;
  const weighted = weights !== 0;
  // where scanBins leaves the derivatives
  const out = weighted ? table + 16 * (bins + 1) : table;
  core.fill_f32(0, table, (weighted ? 4 : 2) * (bins + 1));
  for (let i = 0; i < images; i++) {
    if (weighted) core.addWeights(addresses + i * stride, weights + 4 * i * n, n, table);
    else core.countBins(addresses + i * stride, n, table);
  }
  const loss = core.scanBins(table, weighted, bins, range, positives, alpha, beta, scale);
  for (let i = 0; i < images; i++) core.gradientOfBins(addresses + i * stride, weights && weights + 4 * i * n, n, table, out);
  return loss;
}

/** An upper bound of the errors: 1, or for kinds without a bound of their own the smallest power of two above all errors. */
export function errorRange(kind: number, errors: number, n: number): number {
  return kind === KIND.hinge || kind === KIND.errors ? kernels.errorRange(errors, n) : 1;
}
