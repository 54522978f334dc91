// Pipelines of kernels, compiled for fixed extents.
import { ARGMAX, DERIVATIVES, DRIFT, MERGE_RUNS, OTHER_SUM, SOFTMAX_GRADIENT, SOFTMAX_KEYS, SORT_RUNS, SUMS, WIDEN } from "./kernels.js";
import type { Gpu, Kernel, Pipeline } from "./library.js";

/** The largest row: the kernels' indices are floats, which count to 2^24, and they add up two of them. */
export const LARGEST_ROW = 2 ** 23;

const SMALLEST_ROW = 64;

/** How a row lies in memory: `size` elements, a power of two, in lines of `width`. */
export interface Layout {
  readonly size: number;
  readonly width: number;
}

/** The layout of a row of at least `n` elements, in at most `lines` lines: short ones, as WebGPU's groups are of 8 x 8. */
export function layoutOf(n: number, lines: number): Layout {
  const size = Math.max(SMALLEST_ROW, 2 ** Math.ceil(Math.log2(n)));
  return { size, width: Math.max(8, size / lines) };
}

/** The extents of `rows` rows as gpu.js has them, innermost first. */
export function extents({ size, width }: Layout, rows: number): [number, number, number] {
  return [width, size / width, rows];
}

// makes the kernels of one pipeline
function maker(gpu: Gpu, { size, width }: Layout, classes: number) {
  const wide = Math.max(width, Math.min(size, 1024));
  const sections = Math.min(2048, Math.max(1, size / 1024));
  const constants = {
    size,
    width,
    inverse: 1 / width,
    steps: Math.log2(size),
    wide,
    outer: 32,
    inner: size / sections / 32,
    classes,
    share: 1 / classes,
  };
  const make = (source: string, output: readonly number[]): Kernel =>
    // WebGL2 would take low precision for small outputs
    gpu.createKernel(source, { output, constants, precision: "single", tactic: "precision" });
  return { make, wideExtents: [wide, size / wide], sections };
}

// what traces the sort of each row, largest first
function sorter(gpu: Gpu, layout: Layout, rows: number): Kernel {
  const { make } = maker(gpu, layout, 1);
  const runs = make(SORT_RUNS, extents(layout, rows));
  const merge = make(MERGE_RUNS, extents(layout, rows));
  return (keys) => {
    let sorted = runs(keys);
    for (let run = 8; run < layout.size; run *= 2) sorted = merge(sorted, run);
    return sorted;
  };
}

/** (keys) => the keys of each row, largest first; equal keys keep their order. */
export function sortProgram(gpu: Gpu, layout: Layout, rows: number): Pipeline {
  const { make, wideExtents } = maker(gpu, layout, 1);
  const sort = sorter(gpu, layout, rows);
  const widen = make(WIDEN, [...wideExtents, rows]);
  return gpu.createPipeline((keys) => widen(sort(keys)));
}

/** (keys, positives, factors) => the derivative by each error. `positives`, `factors`: one for each row. */
export function derivativesProgram(gpu: Gpu, layout: Layout, rows: number): Pipeline {
  const { make, wideExtents } = maker(gpu, layout, 1);
  const sort = sorter(gpu, layout, rows);
  const derivatives = make(DERIVATIVES, extents(layout, rows));
  const widen = make(WIDEN, [...wideExtents, rows]);
  return gpu.createPipeline((keys, positives, factors) => widen(derivatives(keys, sort(keys), positives, factors)));
}

/**
 * (logits [groups * classes rows], labels [groups rows, -1 where ignored], positives, factors) => { gradient, sums } of Lovász-Softmax;
 * `sums`: see the kernel.
 */
export function softmaxProgram(gpu: Gpu, layout: Layout, classes: number, groups: number): Pipeline {
  const { make, wideExtents, sections } = maker(gpu, layout, classes);
  const rows = groups * classes;
  const sort = sorter(gpu, layout, rows);
  const argmaxOf = make(ARGMAX, extents(layout, groups));
  const otherSum = make(OTHER_SUM, extents(layout, groups));
  const softmaxKeys = make(SOFTMAX_KEYS, extents(layout, rows));
  const derivatives = make(DERIVATIVES, extents(layout, rows));
  const driftOf = make(DRIFT, extents(layout, groups));
  const gradient = make(SOFTMAX_GRADIENT, [...wideExtents, rows]);
  const sums = make(SUMS, [sections, 2, rows]);
  return gpu.createPipeline((logits, labels, positives, factors) => {
    const argmax = argmaxOf(logits);
    const otherSums = otherSum(logits, argmax);
    const keys = softmaxKeys(logits, labels, argmax, otherSums);
    const byError = derivatives(keys, sort(keys), positives, factors);
    const drift = driftOf(logits, argmax, otherSums, byError);
    return { gradient: gradient(logits, argmax, otherSums, byError, drift), sums: sums(keys, byError) };
  });
}
