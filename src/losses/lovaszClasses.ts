// The Lovász loss class by class: what lovaszSoftmax does between reading its arguments and reducing its losses.
import { LovaszError } from "../errors.js";
import { describe, isList } from "../options.js";
import { show } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { viewI32 } from "../wasm/memory.js";
import type { Channels } from "./channels.js";
import { binnedLoss, binTable, KIND } from "./method.js";
import { refuseInfinite } from "./range.js";
import { workspace } from "./workspace.js";

/** Probabilities [images, classes, pixels] and what sorts their errors; see assembly/lovasz/softmax.ts. */
export interface Probabilities {
  p: Tensor;
  /** Null where errors are only counted. */
  keys: Tensor | null;
  /** Where they are a softmax: of each pixel the class of the largest probability, and what else sorts them. */
  softmax: { top: Tensor; logits: Tensor; others: Tensor | null } | null;
}

/**
 * The softmax of logits [images, classes, pixels], all 0 in void pixels; `rough`, in float32 and without keys. Throws where a
 * logit of another pixel is not finite; `from` says where it stands in the input.
 */
export function softmaxOf(call: string, logits: Tensor, classOf: Tensor, rough: boolean, from?: Channels): Probabilities {
  const [images, classes, pixels] = logits.shape;
  const [p, top] = [Tensor.empty(logits.shape), Tensor.empty([images, pixels])];
  const keys = rough ? null : Tensor.empty(logits.shape);
  const others = rough ? null : Tensor.empty([2, images, pixels]);
  const room = tileRoom(classes).pointer;
  let finite = true;
  for (let i = 0; i < images; i++) {
    const [block, row] = [4 * i * classes * pixels, 4 * i * pixels];
    const [x, labels, out, largest] = [logits.pointer + block, classOf.pointer + row, p.pointer + block, top.pointer + row];
    if (keys && others) {
      const [sorted, rest] = [keys.pointer + block, others.pointer + 2 * row];
      if (!kernels.softmaxKeys_f32(x, labels, out, sorted, rest, largest, classes, pixels, room)) finite = false;
    } else if (!kernels.softmaxRows_f32(x, labels, out, largest, classes, pixels, room)) finite = false;
  }
  if (!finite) refuseInfinite(call, logits, classOf, { images, classes, pixels, from });
  return { p, keys, softmax: { top, logits, others } };
}

/**
 * `factor` times the gradient of the logits [images, classes, pixels], to the pointer `out`, from the slopes by their softmax `p`
 * at the pointer `slopes`, which may be the same. To be called within `tidy`.
 */
export function throughSoftmax(p: Tensor, top: Tensor, slopes: number, factor: number, out: number): void {
  const [images, classes, pixels] = p.shape;
  const room = tileRoom(classes).pointer;
  for (let i = 0; i < images; i++) {
    const [block, row] = [4 * i * classes * pixels, 4 * i * pixels];
    kernels.softmaxSlopes_f32(p.pointer + block, top.pointer + row, slopes + block, factor, out + block, classes, pixels, room);
  }
}

/** Room for the tiles in which the core takes a softmax. To be called within `tidy`. */
export function tileRoom(classes: number): Tensor {
  return Tensor.empty([classes, 192]);
}

/** Probabilities of the user's own. */
export function givenProbabilities(p: Tensor, classOf: Tensor, rough: boolean): Probabilities {
  if (rough) return { p, keys: null, softmax: null };
  const [images, classes, pixels] = p.shape;
  const keys = Tensor.empty(p.shape);
  for (let i = 0; i < images; i++) {
    const block = 4 * i * classes * pixels;
    kernels.inputKeys_f32(p.pointer + block, classOf.pointer + 4 * i * pixels, keys.pointer + block, classes, pixels);
  }
  return { p, keys, softmax: null };
}

export interface ClassSettings {
  /** Of the histogram, or 0 to sort. */
  bins: number;
  /** Pointer to pixel weights, or 0. */
  weights: number;
  classes: "present" | "all" | readonly number[];
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
  const { weights, groupSize, divide, share } = settings;
  const [images, classes, pixels] = probabilities.p.shape;
  const lossOf = settings.bins > 0 ? counting(probabilities, settings) : sorting(probabilities, settings);
  const plane = Tensor.empty([groupSize, pixels]);
  return Array.from({ length: images / groupSize }, (_, group) => {
    const block = 4 * group * groupSize * classes * pixels;
    const row = 4 * group * groupSize * pixels;
    const chosen = chosenClasses(settings.classes, classOf.pointer + row, groupSize * pixels, classes);
    const losses = new Array<number>(classes).fill(0);
    if (chosen.length < classes) kernels.fill_f32(0, slopes + block, groupSize * classes * pixels);
    for (const c of chosen) {
      const scale = (share * settings.classWeights[c]) / (divide ? chosen.length : 1);
      const start = slopes + block + 4 * c * pixels;
      // with several images the planes of a class do not touch
      const out = groupSize === 1 ? start : plane.pointer;
      losses[c] = scale * lossOf({ c, block, row, labels: classOf.pointer + row, weights: weights && weights + row, scale, slopes: out });
      if (out !== start) kernels.copyBlocks_f32(out, pixels, start, classes * pixels, pixels, groupSize);
    }
    return losses;
  });
}

// One class of one group: where the group begins in bytes, [images, classes, pixels] and [images, pixels]; pointers to labels,
// weights (or 0) and slopes, which get `scale` times those of the loss.
interface ClassTask {
  c: number;
  block: number;
  row: number;
  labels: number;
  weights: number;
  scale: number;
  slopes: number;
}

type ClassLoss = (task: ClassTask) => number;

function sorting({ p, keys, softmax }: Probabilities, { groupSize }: ClassSettings): ClassLoss {
  const [, classes, pixels] = p.shape;
  const { records, spare, counters } = workspace(groupSize * pixels);
  const first = (keys as Tensor).pointer;
  const [logits, others, top] = [softmax?.logits.pointer ?? 0, softmax?.others?.pointer ?? 0, softmax?.top.pointer ?? 0];
  return ({ c, block, row, labels, weights, scale, slopes }) =>
    kernels.lovaszClass_f32(
      first + block,
      logits && logits + block,
      others && others + 2 * row,
      top && top + row,
      labels,
      weights,
      c,
      groupSize,
      classes,
      pixels,
      1,
      1,
      scale,
      slopes,
      records,
      spare,
      counters,
    );
}

function counting({ p }: Probabilities, { groupSize, bins, weights: all }: ClassSettings): ClassLoss {
  const [, classes, pixels] = p.shape;
  const n = groupSize * pixels;
  const errors = Tensor.empty([n]).pointer;
  const table = binTable(bins, all !== 0);
  return ({ c, block, labels, weights, scale, slopes }) => {
    kernels.classErrors_f32(p.pointer + block, labels, c, groupSize, classes, pixels, errors);
    const kind = KIND.softmax;
    return binnedLoss({ kind, bins, errors, labels, weights, positive: c, n, alpha: 1, beta: 1, scale, slopes, table });
  };
}

function chosenClasses(which: ClassSettings["classes"], classOf: number, n: number, classes: number): readonly number[] {
  const counts = Tensor.empty([classes]);
  kernels.classCounts(classOf, n, counts.pointer, classes);
  const found = viewI32(counts.pointer, classes).slice();
  // a group of void pixels has no loss, whichever classes are asked for
  if (found.every((count) => count === 0)) return [];
  const all = [...found.keys()];
  return which === "present" ? all.filter((c) => found[c] > 0) : which === "all" ? all : which;
}

/** The `classes` option, checked. */
export function checkClasses(call: string, which: unknown, classes: number): ClassSettings["classes"] {
  if (which === undefined || which === "present") return "present";
  if (which === "all") return "all";
  const list = isList(which) ? Array.from(which as ArrayLike<number>) : null;
  const fits = list?.every((c) => Number.isInteger(c) && c >= 0 && c < classes) && new Set(list).size === list.length;
  if (list && list.length > 0 && fits) return list;
  const came = list ? show(list) : describe(which);
  throw new LovaszError(
    "option",
    `${call}: classes is ${came}, expected "present", "all" or a list of different classes from 0..${classes - 1}`,
  );
}

/** The `classWeights` option, checked. */
export function checkClassWeights(call: string, weights: unknown, classes: number): readonly number[] {
  if (weights === undefined || weights === null) return new Array<number>(classes).fill(1);
  const list = isList(weights) ? Array.from(weights as ArrayLike<number>) : null;
  if (list?.length === classes && list.every((w) => typeof w === "number" && w >= 0 && Number.isFinite(w))) return list;
  const came = list ? show(list) : describe(weights);
  throw new LovaszError("option", `${call}: classWeights is ${came}, expected ${classes} finite numbers of at least 0, one for each class`);
}
