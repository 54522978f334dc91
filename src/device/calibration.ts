// From which size on a device is the fastest: measured once, for the kinds of calls that devices cut in different ways.
import type { LabelArray } from "../losses/labels.js";
import { lovaszHinge } from "../losses/lovaszHinge.js";
import { lovaszSoftmax } from "../losses/lovaszSoftmax.js";
import type { ValueAndGradOptions } from "../losses/valueAndGrad.js";
import { normal } from "../random.js";
import type { Loss } from "./device.js";
import { imagesOf } from "./imagesOf.js";
import * as local from "./local.js";

/** How a call can be cut: by images, by classes, not at all; or it sorts. */
export type Kind = "images" | "classes" | "whole" | "sort";

/** Milliseconds of a call of n numbers: `start` + `each` n. */
export interface Cost {
  start: number;
  each: number;
}

/** The costs of the kinds that were measured. */
export type Costs = Partial<Record<Kind, Cost>>;

/** The kind of a call of a loss of this package, with these options. */
export function kindOf(loss: Loss, size: number, options: object | undefined): Kind {
  const { shape = [size], ...lossOptions } = (options ?? {}) as Parameters<typeof imagesOf>[2] & { shape?: readonly number[] };
  if (!Array.isArray(shape)) return "whole";
  const { perImage } = imagesOf(loss, shape, lossOptions);
  return perImage ? "images" : loss === lovaszSoftmax ? "classes" : "whole";
}

/** What a device is measured by. */
export interface Runner {
  valueAndGrad: (loss: Loss, input: Float32Array, labels: LabelArray, options: ValueAndGradOptions) => Promise<unknown>;
  sort: (values: Float32Array) => Promise<unknown>;
}

/** WebAssembly on this thread. */
export const IN_PLACE: Runner = {
  valueAndGrad: async (...call) => local.valueAndGrad(...call),
  sort: async (values) => local.sort(values, false),
};

/** What to measure. */
export interface Plan {
  kinds: readonly Kind[];
  /** Two powers of two. */
  sizes: readonly [number, number];
  /** How many runs, of which the fastest counts: whatever else the machine does can only add to it. */
  runs: number;
}

/** Measures what calls cost on `device`. */
export async function costsOf(device: Runner, { kinds, sizes, runs }: Plan): Promise<Costs> {
  const costs: Costs = {};
  for (const kind of kinds) {
    const [small, large] = [await timeOf(device, kind, sizes[0], runs), await timeOf(device, kind, sizes[1], runs)];
    const each = Math.max(0, (large - small) / (sizes[1] - sizes[0]));
    costs[kind] = { start: Math.max(0, small - each * sizes[0]), each };
  }
  return costs;
}

async function timeOf(device: Runner, kind: Kind, size: number, runs: number): Promise<number> {
  const input = Float32Array.from({ length: size }, normal(size));
  const labels =
    kind === "classes" ? new Uint8Array(size / 8).map((_, i) => i % 8) : new Uint8Array(size).map((_, i) => Number(i % 5 === 0));
  const run: () => Promise<unknown> = {
    images: () => device.valueAndGrad(lovaszHinge as Loss, input, labels, { shape: [8, size / 8] }),
    classes: () => device.valueAndGrad(lovaszSoftmax as Loss, input, labels, { shape: [1, 8, size / 8] }),
    whole: () => device.valueAndGrad(lovaszHinge as Loss, input, labels, { shape: [size] }),
    sort: () => device.sort(input),
  }[kind];
  let fastest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await run();
    fastest = Math.min(fastest, performance.now() - start);
  }
  return fastest;
}

/** The size from which `device` is faster than `base` by more than measuring errs; Infinity where it never is. */
export function threshold(base: Cost | undefined, device: Cost | undefined): number {
  if (!base || !device) return Number.POSITIVE_INFINITY;
  const gained = base.each / MARGIN - device.each;
  return gained > 0 ? Math.max(0, Math.ceil((device.start - base.start / MARGIN) / gained)) : Number.POSITIVE_INFINITY;
}

/** Milliseconds that a call of `size` numbers will take. */
export const predicted = (cost: Cost | undefined, size: number): number =>
  cost ? cost.start + cost.each * size : Number.POSITIVE_INFINITY;

// a device is chosen if it promises to take less time by this factor
const MARGIN = 1.1;
