// The Lovász loss class by class: what lovaszSoftmax does between reading its arguments and reducing its losses.
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { viewF32, viewI32 } from "../wasm/memory.js";
import type { Channels } from "./channels.js";
import type { ClassChoice } from "./classOptions.js";
import { binTable, countedLoss } from "./method.js";
import { refuseInfinite } from "./range.js";
import { taskWriter } from "./task.js";
import { workspace } from "./workspace.js";

/** Probabilities and what puts their errors in order; see assembly/lovasz/softmaxKeys.ts. */
export interface Probabilities {
  /** [images, classes, pixels]; a softmax lies as the core writes it: [images, tiles, classes, pixels of a tile]. */
  p: Tensor;
  /** What errors are sorted by; null where they are only counted. */
  keys: Tensor | null;
  /** Where they are counted: writes to the pointer `slopes` where in the `table` of so many bins each belongs. */
  place?: Place;
  /** Where they are a softmax: of each pixel the class of the largest probability, and what else sorts them. */
  softmax: { top: Tensor; logits: Tensor; others: Tensor | null } | null;
}

type Place = (slopes: number, table: number, bins: number) => void;

/**
 * The softmax of logits [images, classes, pixels], all 0 in void pixels; `counted`, in float32 and without keys, and not before
 * errors are placed. Throws where a logit of another pixel is not finite; `from` says where it stands in the input.
 */
export function softmaxOf(call: string, logits: Tensor, classOf: Tensor, counted: boolean, from?: Channels): Probabilities {
  const [images, classes, pixels] = logits.shape;
  const top = Tensor.empty([images, pixels]);
  // `run`: of one image, given where it begins in bytes, [images, classes, pixels] and [images, pixels]; whether all is finite
  const eachImage = (run: (block: number, row: number) => boolean | number) => {
    let finite = true;
    for (let i = 0; i < images; i++) if (!run(4 * i * classes * pixels, 4 * i * pixels)) finite = false;
    if (!finite) refuseInfinite(call, logits, classOf, { images, classes, pixels, from });
  };
  const [x, labels] = [logits.pointer, classOf.pointer];
  const tiles = Math.ceil(pixels / TILE);
  const p = Tensor.empty([images, tiles, classes, TILE]);
  const tilesOf = (row: number) => p.pointer + (row / pixels) * tiles * classes * TILE;
  if (counted) {
    const place: Place = (slopes, table, bins) =>
      eachImage((block, row) => {
        const out = tilesOf(row);
        return kernels.softmaxPlaces_f32(x + block, labels + row, out, slopes + block, top.pointer + row, classes, pixels, bins, table);
      });
    return { p, keys: null, place, softmax: { top, logits, others: null } };
  }
  const [keys, others] = [logits.shape, [2, images, pixels]].map((shape) => Tensor.empty(shape));
  const room = Tensor.empty([3, classes, TILE]).pointer;
  eachImage((block, row) => {
    const [sorted, rest] = [keys.pointer + block, others.pointer + 2 * row];
    return kernels.softmaxKeys_f32(x + block, labels + row, tilesOf(row), sorted, rest, top.pointer + row, classes, pixels, room);
  });
  return { p, keys, softmax: { top, logits, others } };
}

/** Pixels of a tile of probabilities: see assembly/lovasz/tile.ts. */
export const TILE = 128;

/**
 * `factor` times the gradient of logits, to the pointer `out`, from the slopes by their softmax `p` at the pointer `slopes`, which
 * may be the same. To be called within `tidy`.
 */
export function throughSoftmax(p: Tensor, top: Tensor, slopes: number, factor: number, out: number): void {
  const [images, pixels] = top.shape;
  const classes = p.shape[2];
  const room = Tensor.empty([classes, TILE]).pointer;
  for (let i = 0; i < images; i++) {
    const [block, row, own] = [4 * i * classes * pixels, 4 * i * pixels, (4 * i * p.size) / images];
    kernels.softmaxSlopes_f32(p.pointer + own, top.pointer + row, slopes + block, 4 * pixels, factor, out + block, classes, pixels, room);
  }
}

/** Probabilities of the user's own. */
export function givenProbabilities(p: Tensor, classOf: Tensor, counted: boolean): Probabilities {
  const [images, classes, pixels] = p.shape;
  const eachImage = (run: (values: number, labels: number, block: number) => void) => {
    for (let i = 0; i < images; i++) {
      const block = 4 * i * classes * pixels;
      run(p.pointer + block, classOf.pointer + 4 * i * pixels, block);
    }
  };
  if (counted) {
    const place: Place = (slopes, table, bins) =>
      eachImage((values, labels, block) => kernels.probabilityPlaces_f32(values, labels, slopes + block, classes, pixels, bins, table));
    return { p, keys: null, place, softmax: null };
  }
  const keys = Tensor.empty(p.shape);
  eachImage((values, labels, block) => kernels.inputKeys_f32(values, labels, keys.pointer + block, classes, pixels));
  return { p, keys, softmax: null };
}

export interface ClassSettings {
  /** Of the histogram, or 0 to sort. */
  bins: number;
  /** Pointer to pixel weights, or 0. */
  weights: number;
  classes: ClassChoice;
  /** Of the loss of each class. */
  classWeights: readonly number[];
  /** Images from one group to the next: the groups' losses are separate. */
  groupSize: number;
  /** Whether the losses of a group are divided by their number, to sum to their mean. */
  divide: boolean;
  /** Times all losses. */
  share: number;
}

/** The losses [group][class], 0 for classes that do not count; to the pointer `slopes`, those by the probabilities are written. */
export function lovaszClasses(probabilities: Probabilities, classOf: Tensor, slopes: number, settings: ClassSettings): number[][] {
  const { weights, groupSize } = settings;
  const [images, classes, pixels] = (probabilities.softmax?.logits ?? probabilities.p).shape;
  const { keys, softmax, place } = probabilities;
  const lossOf = keys ? sorting(keys, softmax, groupSize) : counting(place as Place, slopes, [classes, pixels], settings);
  return Array.from({ length: images / groupSize }, (_, group) => {
    const block = 4 * group * groupSize * classes * pixels;
    const row = 4 * group * groupSize * pixels;
    const labels = classOf.pointer + row;
    const counts = countClasses(labels, groupSize * pixels, classes);
    const factors = classFactors(settings, counts);
    const losses = new Array<number>(classes).fill(0);
    for (let c = 0; c < classes; c++) {
      const start = slopes + block + 4 * c * pixels;
      const scale = factors[c];
      if (scale === 0) {
        for (let i = 0; i < groupSize; i++) viewF32(start + 4 * i * classes * pixels, pixels).fill(0);
        continue;
      }
      const own = { c, count: counts[c], block, row, labels, weights: weights && weights + row };
      losses[c] = scale * lossOf({ ...own, scale, slopes: start });
    }
    return losses;
  });
}

// One class of one group, and how many pixels it has: where the group begins in bytes, [images, classes, pixels] and [images,
// pixels]; pointers to labels, weights (or 0) and the slopes of the class in its first image, which get `scale` times those of the loss.
interface ClassTask {
  c: number;
  count: number;
  block: number;
  row: number;
  labels: number;
  weights: number;
  scale: number;
  slopes: number;
}

type ClassLoss = (task: ClassTask) => number;

function sorting(keys: Tensor, softmax: Probabilities["softmax"], groupSize: number): ClassLoss {
  const [, classes, pixels] = keys.shape;
  const write = taskWriter();
  const fields = { ...workspace(groupSize * pixels), images: groupSize, classes, pixels };
  const plane = Tensor.empty([groupSize, pixels]);
  const [logits, others, top] = [softmax?.logits.pointer ?? 0, softmax?.others?.pointer ?? 0, softmax?.top.pointer ?? 0];
  return ({ c, block, row, labels, weights, scale, slopes }) => {
    // with several images the planes of a class do not touch
    const out = groupSize === 1 ? slopes : plane.pointer;
    const values = logits && logits + block;
    const sources = { values, keys: keys.pointer + block, otherSums: others && others + 2 * row, argmax: top && top + row };
    const loss = kernels.lovaszClass_f32(write({ ...fields, ...sources, labels, weights, positive: c, scale, gradient: out }));
    if (out !== slopes) kernels.copyBlocks(out, 4 * pixels, slopes, 4 * classes * pixels, 4 * pixels, groupSize);
    return loss;
  };
}

function counting(place: Place, all: number, [classes, pixels]: readonly number[], settings: ClassSettings): ClassLoss {
  const { groupSize: images, bins } = settings;
  const table = binTable(bins, settings.weights !== 0);
  place(all, table, bins);
  const group = { stride: 4 * classes * pixels, images, n: pixels, bins, range: 1, alpha: 1, beta: 1, table };
  return ({ c, count, labels, weights, scale, slopes }) => {
    const positives = weights ? kernels.positiveMass(labels, weights, c, images * pixels) : count;
    return countedLoss({ ...group, places: slopes, weights, positives, up: -scale, down: scale });
  };
}

/** How many of `n` labels at the pointer `classOf` are of each class. To be called within `tidy`. */
export function countClasses(classOf: number, n: number, classes: number): Int32Array {
  const counts = Tensor.empty([classes]);
  kernels.classCounts(classOf, n, counts.pointer, classes);
  return viewI32(counts.pointer, classes).slice();
}

/** What the loss of each class counts in the result, in a group that has so many pixels of each. */
export function classFactors({ classes: which, classWeights, divide, share }: ClassSettings, counts: Int32Array): number[] {
  const chosen = new Set(chosenClasses(which, counts));
  return classWeights.map((weight, c) => (chosen.has(c) ? (share * weight) / (divide ? chosen.size : 1) : 0));
}

function chosenClasses(which: ClassChoice, found: Int32Array): readonly number[] {
  // a group of void pixels has no loss, whichever classes are asked for
  if (found.every((count) => count === 0)) return [];
  const all = [...found.keys()];
  return which === "present" ? all.filter((c) => found[c] > 0) : which === "all" ? all : which;
}
