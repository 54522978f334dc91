// Computes the Lovász loss of each class: the part of lovaszSoftmax between reading its arguments and reducing its losses.
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { viewF32, viewI32 } from "../wasm/memory.js";
import type { Channels } from "./channels.js";
import { type ClassChoice, chosenClasses } from "./classOptions.js";
import { binTable, countedLoss } from "./method.js";
import { refuseInfinite } from "./range.js";
import { taskWriter } from "./task.js";
import { workspace } from "./workspace.js";

/** Probabilities, and the keys that order their errors; see assembly/lovasz/errors/softmaxKeys.ts. */
export interface Probabilities {
  /** [images, classes, pixels]; a softmax has the layout of the core: [images, tiles, classes, pixels of a tile]. */
  p: Tensor;
  /** The keys by which errors are sorted; null where a histogram counts them. */
  keys: Tensor | null;
  /** For a histogram: writes the address of each error's bin in `table` to the pointer `addresses`. */
  bin?: BinErrors;
  /** For a softmax: its logits, each pixel's class of the largest probability, and the sums of its other exponentials. */
  softmax: { argmax: Tensor; logits: Tensor; otherSums: Tensor | null } | null;
}

type BinErrors = (addresses: number, table: number, bins: number) => void;

/**
 * The softmax of logits [images, classes, pixels], 0 for ignored pixels. For a histogram (`counted`) it is in float32, has no keys,
 * and is computed only when `bin` is called. Throws if a logit of another pixel is not finite; `from` gives its index in the input.
 */
export function softmaxOf(call: string, logits: Tensor, classOf: Tensor, counted: boolean, from?: Channels): Probabilities {
  const [images, classes, pixels] = logits.shape;
  const argmax = Tensor.empty([images, pixels]);
  // calls `run` with the byte offsets of each image in [images, classes, pixels] and [images, pixels]; it says whether all is finite
  const eachImage = (run: (block: number, row: number) => boolean | number) => {
    let finite = true;
    for (let i = 0; i < images; i++) if (!run(4 * i * classes * pixels, 4 * i * pixels)) finite = false;
    if (!finite) refuseInfinite(call, logits, classOf, { images, classes, pixels, from });
  };
  const tiles = Math.ceil(pixels / TILE);
  const p = Tensor.empty([images, tiles, classes, TILE]);
  const write = taskWriter();
  // of one image, by its offsets
  const image = (block: number, row: number) => ({
    ...{ values: logits.pointer + block, labels: classOf.pointer + row, argmax: argmax.pointer + row, classes, pixels },
    probabilities: p.pointer + (row / pixels) * tiles * classes * TILE,
  });
  if (counted) {
    const bin: BinErrors = (addresses, table, bins) =>
      eachImage((block, row) => kernels.softmaxBins_f32(write({ ...image(block, row), keys: addresses + block, table, bins })));
    return { p, keys: null, bin, softmax: { argmax, logits, otherSums: null } };
  }
  const [keys, otherSums] = [logits.shape, [2, images, pixels]].map((shape) => Tensor.empty(shape));
  const scratch = Tensor.empty([3, classes, TILE]).pointer;
  eachImage((block, row) => {
    const own = { keys: keys.pointer + block, otherSums: otherSums.pointer + 2 * row, scratch };
    return kernels.softmaxKeys_f32(write({ ...image(block, row), ...own }));
  });
  return { p, keys, softmax: { argmax, logits, otherSums } };
}

/** Pixels of a tile of probabilities: see assembly/lovasz/errors/tile.ts. */
export const TILE = kernels.TILE.value;

/**
 * Takes the gradient by the softmax `p` at the pointer `gradient`, and writes `factor` times the gradient by the logits to the
 * pointer `out`, which may be the same. Call it within `tidy`.
 */
export function throughSoftmax(p: Tensor, argmax: Tensor, gradient: number, factor: number, out: number): void {
  const [images, pixels] = argmax.shape;
  const classes = p.shape[2];
  const scratch = Tensor.empty([classes, TILE]).pointer;
  const write = taskWriter();
  for (let i = 0; i < images; i++) {
    const [block, row, own] = [4 * i * classes * pixels, 4 * i * pixels, (4 * i * p.size) / images];
    const sources = { probabilities: p.pointer + own, argmax: argmax.pointer + row, gradient: gradient + block, stride: 4 * pixels };
    kernels.softmaxBackward_f32(write({ ...sources, classes, pixels, scale: factor, scratch, logitGradient: out + block }));
  }
}

/** Probabilities that the user gave. */
export function givenProbabilities(p: Tensor, classOf: Tensor, counted: boolean): Probabilities {
  const [images, classes, pixels] = p.shape;
  const eachImage = (run: (values: number, labels: number, block: number) => void) => {
    for (let i = 0; i < images; i++) {
      const block = 4 * i * classes * pixels;
      run(p.pointer + block, classOf.pointer + 4 * i * pixels, block);
    }
  };
  if (counted) {
    const bin: BinErrors = (addresses, table, bins) =>
      eachImage((values, labels, block) => kernels.probabilityBins_f32(values, labels, addresses + block, classes, pixels, bins, table));
    return { p, keys: null, bin, softmax: null };
  }
  const keys = Tensor.empty(p.shape);
  eachImage((values, labels, block) => kernels.inputKeys_f32(values, labels, keys.pointer + block, classes, pixels));
  return { p, keys, softmax: null };
}

export interface ClassSettings {
  /** How many bins the histogram has, or 0 to sort. */
  bins: number;
  /** Pointer to pixel weights, or 0. */
  weights: number;
  classes: ClassChoice;
  /** The weight of each class's loss. */
  classWeights: readonly number[];
  /** How many images share one loss for each class. */
  groupSize: number;
  /** Whether each loss of a group is divided by their number, so that they sum to the mean. */
  divide: boolean;
  /** A factor on all losses. */
  share: number;
}

/** The losses [group][class], 0 for classes that do not count. Writes the gradient by the probabilities to the pointer `gradient`. */
export function lovaszClasses(probabilities: Probabilities, classOf: Tensor, gradient: number, settings: ClassSettings): number[][] {
  const { weights, groupSize } = settings;
  const [images, classes, pixels] = (probabilities.softmax?.logits ?? probabilities.p).shape;
  const { keys, softmax, bin } = probabilities;
  const lossOf = keys ? sorting(keys, softmax, groupSize) : counting(bin as BinErrors, gradient, [classes, pixels], settings);
  return Array.from({ length: images / groupSize }, (_, group) => {
    const block = 4 * group * groupSize * classes * pixels;
    const row = 4 * group * groupSize * pixels;
    const labels = classOf.pointer + row;
    const counts = countClasses(labels, groupSize * pixels, classes);
    const factors = classFactors(settings, counts);
    const losses = new Array<number>(classes).fill(0);
    for (let c = 0; c < classes; c++) {
      const start = gradient + block + 4 * c * pixels;
      const scale = factors[c];
      if (scale === 0) {
        for (let i = 0; i < groupSize; i++) viewF32(start + 4 * i * classes * pixels, pixels).fill(0);
        continue;
      }
      const own = { c, count: counts[c], block, row, labels, weights: weights && weights + row };
      losses[c] = scale * lossOf({ ...own, scale, gradient: start });
    }
    return losses;
  });
}

// One class of one group of images.
interface ClassTask {
  c: number;
  // how many pixels have the class
  count: number;
  // byte offsets of the group in [images, classes, pixels] and in [images, pixels]
  block: number;
  row: number;
  labels: number;
  // a pointer, or 0
  weights: number;
  // `scale` times the gradient goes to the plane of the class in the group's first image, at the pointer `gradient`
  scale: number;
  gradient: number;
}

type ClassLoss = (task: ClassTask) => number;

function sorting(keys: Tensor, softmax: Probabilities["softmax"], groupSize: number): ClassLoss {
  const [, classes, pixels] = keys.shape;
  const write = taskWriter();
  const fields = { ...workspace(groupSize * pixels), images: groupSize, classes, pixels };
  const plane = Tensor.empty([groupSize, pixels]);
  const [logits, otherSums, argmax] = [softmax?.logits, softmax?.otherSums, softmax?.argmax].map((one) => one?.pointer ?? 0);
  return ({ c, block, row, labels, weights, scale, gradient }) => {
    // with several images, the planes of a class are not contiguous
    const out = groupSize === 1 ? gradient : plane.pointer;
    const values = logits && logits + block;
    const sources = { values, keys: keys.pointer + block, otherSums: otherSums && otherSums + 2 * row, argmax: argmax && argmax + row };
    const loss = kernels.lovaszClass_f32(write({ ...fields, ...sources, labels, weights, positive: c, scale, gradient: out }));
    if (out !== gradient) kernels.copyBlocks(out, 4 * pixels, gradient, 4 * classes * pixels, 4 * pixels, groupSize);
    return loss;
  };
}

function counting(bin: BinErrors, addresses: number, [classes, pixels]: readonly number[], settings: ClassSettings): ClassLoss {
  const { groupSize: images, bins } = settings;
  const table = binTable(bins, settings.weights !== 0);
  bin(addresses, table, bins);
  const group = { stride: 4 * classes * pixels, images, n: pixels, bins, range: 1, alpha: 1, beta: 1, table };
  return ({ c, count, labels, weights, scale, gradient }) => {
    const positives = weights ? kernels.positiveMass(labels, weights, c, images * pixels) : count;
    return countedLoss({ ...group, addresses: gradient, weights, positives, scale: -scale });
  };
}

/** How many of the `n` labels at the pointer `classOf` have each class. Call it within `tidy`. */
export function countClasses(classOf: number, n: number, classes: number): Int32Array {
  const counts = Tensor.empty([classes]);
  kernels.classCounts(classOf, n, counts.pointer, classes);
  return viewI32(counts.pointer, classes).slice();
}

/** The factor of each class's loss in the result, in a group with `counts` pixels of each class. */
export function classFactors({ classes: which, classWeights, divide, share }: ClassSettings, counts: Int32Array): number[] {
  const chosen = new Set(chosenClasses(which, counts));
  return classWeights.map((weight, c) => (chosen.has(c) ? (share * weight) / (divide ? chosen.size : 1) : 0));
}
