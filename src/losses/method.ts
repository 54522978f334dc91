// How a Lovász loss orders its errors: the `method` and `bins` options.
import { LovaszError } from "../errors.js";
import { choice, describe, integer } from "../options.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";

/** Options of the Lovász losses: how they order their errors. */
export interface MethodOptions {
  /**
   * `"sort"`, the exact loss, or `"histogram"`: errors are counted in `bins` equal bins, and those in one bin are taken for
   * equal. The loss is then within one bin width of the exact one: 1 / bins where errors are at most 1; of the hinge and of
   * given errors, the least power of two above the largest error, divided by `bins`. Default `"sort"`.
   */
  method?: "sort" | "histogram";
  /** How many bins a histogram has, 2 to 2^20. Default 65,536. */
  bins?: number;
}

/** The default of `bins`. */
const BINS = 65_536;

/** The options above, checked: the number of bins, or 0 to sort. */
export function methodOf(call: string, { method, bins }: MethodOptions): number {
  if (choice(call, "method", method, ["sort", "histogram"], "sort") === "histogram") return checkBins(call, bins);
  if (bins === undefined) return 0;
  throw new LovaszError("option", `${call}: bins is ${describe(bins)}, but method is "sort", which has none; pass { method: "histogram" }`);
}

/** `bins`, checked. */
export function checkBins(call: string, bins: unknown): number {
  return integer(call, "bins", bins, BINS, 2, 2 ** 20);
}

/** What the errors of a binary task are, by the numbers of assembly/lovasz/errors.ts. */
export const KIND = { hinge: 0, sigmoid: 1, probability: 2, softmax: 3, errors: 4 } as const;

/** The loss of one class in one group of pixels by counting, and `scale` times its slopes. */
export interface Binning {
  kind: number;
  bins: number;
  /** Pointers to f32 errors and i32 labels, of which `positive` is the positive one, and to weights or 0. */
  errors: number;
  labels: number;
  weights: number;
  positive: number;
  n: number;
  alpha: number;
  beta: number;
  scale: number;
  slopes: number;
  /** Room from `binTable`. */
  table: number;
}

/** Pointer to room for the counts, slopes and (`weighted`) masses of so many bins. To be called within `tidy`. */
export function binTable(bins: number, weighted: boolean): number {
  return Tensor.empty([(bins + 1) * (weighted ? 6 : 2)]).pointer;
}

/** The loss of `one`; its slopes are written. */
export function binnedLoss(one: Binning): number {
  const { kind, bins, errors, labels, weights, positive, n, alpha, beta, scale, slopes, table } = one;
  const range = errorRange(kind, errors, n);
  return kernels.lovaszBins_f32(kind, errors, labels, weights, positive, n, bins, range, alpha, beta, scale, slopes, table);
}

/** What errors of a kind lie below: 1, or the least power of two above those that have no bound of their own. */
export function errorRange(kind: number, errors: number, n: number): number {
  return kind === KIND.hinge || kind === KIND.errors ? kernels.errorRange(errors, n) : 1;
}
