// Computes the Lovász loss of each class: the part of lovaszSoftmax between reading its arguments and reducing its losses.
import { type Shape, sizeOf } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { scratch, viewF32, viewI32 } from "../wasm/memory.js";
import { parallelEach, threadCount } from "../wasm/parallel.js";
import type { Channels } from "./channels.js";
import { type ClassChoice, chosenClasses } from "./classOptions.js";
import { binTable, countedLoss } from "./method.js";
import { refuseInfinite } from "./range.js";
import { type Task, taskWriter } from "./task.js";
import { roomFor, SORT_COST } from "./workspace.js";

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
  const tiles = Math.ceil(pixels / TILE);
  const p = Tensor.empty([images, tiles, classes, TILE]);
  const pointers = { values: logits.pointer, labels: classOf.pointer, argmax: argmax.pointer, probabilities: p.pointer };
  const check = (finite: readonly number[]) => {
    if (!finite.every(Boolean)) refuseInfinite(call, logits, classOf, { images, classes, pixels, from });
  };
  if (counted) {
    const bin: BinErrors = (keys, table, bins) => check(eachPart("softmaxBins_f32", logits.shape, { ...pointers, keys, table, bins }));
    return { p, keys: null, bin, softmax: { argmax, logits, otherSums: null } };
  }
  const [keys, otherSums] = [logits.shape, [2, images, pixels]].map((shape) => Tensor.empty(shape));
  check(eachPart("softmaxKeys_f32", logits.shape, { ...pointers, keys: keys.pointer, otherSums: otherSums.pointer }));
  return { p, keys, softmax: { argmax, logits, otherSums } };
}

// A part is some tiles of an image: few enough that there are several for each thread, and enough for the time that it takes to hand it on.
const PART = 32;
// what a kernel of the softmax takes for each number, in elements that are read or written
const SOFTMAX_COST = 8;

type PartKernel = "softmaxBins_f32" | "softmaxKeys_f32" | "softmaxBackward_f32";

// calls the kernel for each part of logits [images, classes, pixels]; `whole` is the task of all of them
function eachPart(kernel: PartKernel, [images, classes, pixels]: Shape, whole: Partial<Task>): number[] {
  const { values = 0, labels = 0, argmax = 0, probabilities = 0, keys = 0, otherSums = 0, table = 0, bins = 0 } = whole;
  const { gradient = 0, logitGradient = 0, scale = 1 } = whole;
  const tiles = Math.ceil(pixels / TILE);
  const each = Math.ceil(tiles / PART);
  const count = images * each;
  const write = taskWriter(count);
  const work = { count, cost: PART * TILE * classes * SOFTMAX_COST, own: { argument: 1, bytes: 12 * classes * TILE } };
  return parallelEach(kernel, work, (i) => {
    const [image, first] = [Math.floor(i / each), (i % each) * PART];
    const start = first * TILE;
    const [row, block] = [4 * (image * pixels + start), 4 * (image * classes * pixels + start)];
    // one literal without spreads, which would take longer than to write it
    const task = write(i, {
      values: values + block,
      labels: labels + row,
      argmax: argmax + row,
      probabilities: probabilities + 4 * (image * tiles + first) * classes * TILE,
      keys: keys + block,
      otherSums: otherSums + 2 * row,
      gradient: gradient + block,
      logitGradient: logitGradient + block,
      classes,
      pixels: Math.min(pixels - start, PART * TILE),
      plane: 4 * pixels,
      stride: 4 * pixels,
      table,
      bins,
      scale,
    });
    return [task, 0];
  });
}

/** Pixels of a tile of probabilities: see assembly/lovasz/errors/tile.ts. */
export const TILE = kernels.TILE.value;

/**
 * Takes the gradient by the softmax `p` at the pointer `gradient`, and writes `factor` times the gradient by the logits to the
 * pointer `out`, which may be the same. Call it within `tidy`.
 */
export function throughSoftmax(p: Tensor, argmax: Tensor, gradient: number, factor: number, out: number): void {
  const [images, pixels] = argmax.shape;
  const shape = [images, p.shape[2], pixels];
  const backward = (from: number) => {
    const sources = { probabilities: p.pointer, argmax: argmax.pointer, gradient: from };
    eachPart("softmaxBackward_f32", shape, { ...sources, scale: factor, logitGradient: out });
  };
  if (gradient !== out || threadCount() === 1) {
    backward(gradient);
    return;
  }
  // a part that a worker died of is done again, so threads must not write to what they read
  const size = sizeOf(shape);
  scratch([4 * size], (copy) => {
    viewF32(copy, size).set(viewF32(gradient, size));
    backward(copy);
  });
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
  const groups = Array.from({ length: images / groupSize }, () => new Array<number>(classes).fill(0));
  const [tasks, uncounted]: [ClassTask[], ClassTask[]] = [[], []];
  groups.forEach((_, group) => {
    const block = 4 * group * groupSize * classes * pixels;
    const row = 4 * group * groupSize * pixels;
    const labels = classOf.pointer + row;
    const counts = countClasses(labels, groupSize * pixels, classes);
    const factors = classFactors(settings, counts);
    for (let c = 0; c < classes; c++) {
      const own = { gradient: gradient + block + 4 * c * pixels, scale: factors[c], weights: weights && weights + row };
      (own.scale === 0 ? uncounted : tasks).push({ group, c, count: counts[c], block, row, labels, ...own });
    }
  });
  const { keys, softmax, bin } = probabilities;
  // what takes longest first, so that threads end at about the same time
  tasks.sort((a, b) => b.count - a.count);
  const losses = keys ? sorting(tasks, keys, softmax, groupSize) : counting(tasks, bin as BinErrors, gradient, [classes, pixels], settings);
  for (const { gradient } of uncounted) {
    for (let i = 0; i < groupSize; i++) viewF32(gradient + 4 * i * classes * pixels, pixels).fill(0);
  }
  tasks.forEach(({ group, c, scale }, i) => {
    groups[group][c] = scale * losses[i];
  });
  return groups;
}

// One class of one group of images.
interface ClassTask {
  group: number;
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

function sorting(tasks: readonly ClassTask[], keys: Tensor, softmax: Probabilities["softmax"], groupSize: number): number[] {
  const [, classes, pixels] = keys.shape;
  const n = groupSize * pixels;
  const write = taskWriter(tasks.length);
  const [logits, otherSums, argmax] = [softmax?.logits, softmax?.otherSums, softmax?.argmax].map((one) => one?.pointer ?? 0);
  const work = { count: tasks.length, cost: SORT_COST * n, own: roomFor(n, 1) };
  return parallelEach("lovaszClass_f32", work, (i) => {
    const { c, block, row, labels, weights, scale, gradient } = tasks[i];
    // with several images, the planes of a class are not contiguous
    const into = groupSize === 1 ? { gradient } : { target: gradient, stride: 4 * classes * pixels };
    const sources = {
      values: logits && logits + block,
      keys: keys.pointer + block,
      otherSums: otherSums && otherSums + 2 * row,
      argmax: argmax && argmax + row,
    };
    return [write(i, { ...into, ...sources, images: groupSize, classes, pixels, labels, weights, positive: c, scale }), 0];
  });
}

function counting(
  tasks: readonly ClassTask[],
  bin: BinErrors,
  addresses: number,
  [classes, pixels]: readonly number[],
  settings: ClassSettings,
): number[] {
  const { groupSize: images, bins } = settings;
  const table = binTable(bins, settings.weights !== 0);
  bin(addresses, table, bins);
  const group = { stride: 4 * classes * pixels, images, n: pixels, bins, range: 1, alpha: 1, beta: 1, table };
  return tasks.map(({ c, count, labels, weights, scale, gradient }) => {
    const positives = weights ? kernels.positiveMass(labels, weights, c, images * pixels) : count;
    return countedLoss({ ...group, addresses: gradient, weights, positives, scale: -scale });
  });
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
