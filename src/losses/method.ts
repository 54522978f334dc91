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

/** One class in one group of images, whose errors are counted. */
export interface Counting {
  /** Pointers to the places of its errors in the table, and how many bytes each image's begin after the last one's. */
  places: number;
  stride: number;
  images: number;
  /** Pixels of each image. */
  n: number;
  /** Pointer to weights [images, n], or 0. */
  weights: number;
  /** What all positives weigh: without weights, how many there are. */
  positives: number;
  bins: number;
  /** All errors are below. */
  range: number;
  alpha: number;
  beta: number;
  /** Times the slopes: of positives, and of negatives. */
  up: number;
  down: number;
  /** Room from `binTable`. */
  table: number;
}

/** Pointer to room for the counts, slopes and (`weighted`) masses of so many bins. To be called within `tidy`. */
export function binTable(bins: number, weighted: boolean): number {
  return Tensor.empty([(bins + 1) * (weighted ? 6 : 2)]).pointer;
}

/** What counting takes of the core. */
export type CountingKernels = Pick<typeof kernels, "countPlaces" | "fill_f32" | "slopesOfPlaces" | "weighBins" | "weighPlaces">;

/** The loss of `one`, its pointers into the memory of `core`; its slopes are written where the places were. */
export function countedLoss(one: Counting, core: CountingKernels = kernels): number {
  const { places, stride, images, n, weights, positives, bins, range, alpha, beta, up, down, table } = one;
  const weighted = weights !== 0;
  // masses take twice the room of the slopes
  const out = weighted ? table + 16 * (bins + 1) : table;
  core.fill_f32(0, table, (weighted ? 4 : 2) * (bins + 1));
  for (let i = 0; i < images; i++) {
    if (weighted) core.weighPlaces(places + i * stride, weights + 4 * i * n, n, table);
    else core.countPlaces(places + i * stride, n, table);
  }
  const loss = core.weighBins(table, weighted, bins, range, positives, alpha, beta, up, down, out);
  for (let i = 0; i < images; i++) core.slopesOfPlaces(places + i * stride, weights && weights + 4 * i * n, n, table, out);
  return loss;
}

/** What errors of a kind lie below: 1, or the least power of two above those that have no bound of their own. */
export function errorRange(kind: number, errors: number, n: number): number {
  return kind === KIND.hinge || kind === KIND.errors ? kernels.errorRange(errors, n) : 1;
}
