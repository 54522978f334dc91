// What a worker does for a softmax loss that several compute together: probabilities by pixels, losses by classes, and the way
// back by pixels again.
import { lovaszClasses, type Probabilities, softmaxOf, tileRoom } from "../../losses/lovaszClasses.js";
import { tidy, untrack } from "../../tensor/scope.js";
import { Tensor } from "../../tensor/tensor.js";
import { kernels } from "../../wasm/instance.js";
import { viewF32, viewI32 } from "../../wasm/memory.js";
import type { SoftmaxClassesTask, SoftmaxPixelsTask, SoftmaxShared } from "./protocol.js";

/** Probabilities of one's own pixels, kept from the first step to the last. */
interface Kept {
  p: Tensor;
  top: Tensor;
}

/** Probabilities that came from logits, with keys. */
interface Softmax extends Probabilities {
  keys: Tensor;
  softmax: { top: Tensor; logits: Tensor; others: Tensor };
}

const kept = new Map<number, Kept>();

/** Lets go of what is kept of a call. */
export function forget(call: number): void {
  const found = kept.get(call);
  kept.delete(call);
  found?.p.dispose();
  found?.top.dispose();
}

/** The first step: sort keys of the pixels in hand, and what tells apart errors whose keys are equal. */
export function softmaxPixels({ shared, from, to }: SoftmaxPixelsTask): void {
  const { images, classes, pixels, keys, others, top, largest } = shared;
  const n = to - from;
  forget(shared.call);
  tidy(() => {
    const made = probabilitiesOf(shared, from, to);
    const { logits, others: sums, top: where } = made.softmax;
    eachPlane(images * classes, (plane) => {
      keys.set(viewF32(made.keys.pointer + 4 * plane * n, n), plane * pixels + from);
    });
    const most = Tensor.empty([n]);
    eachPlane(images, (image) => {
      const at = image * pixels + from;
      others.set(viewF32(sums.pointer + 8 * image * n, 2 * n), 2 * at);
      top.set(viewI32(where.pointer + 4 * image * n, n), at);
      kernels.largest_f32(logits.pointer + 4 * image * classes * n, most.pointer, classes, n);
      largest.set(most.data, at);
    });
    keep(shared.call, made);
  });
}

/**
 * The second step: losses of some classes, their sum returned, their slopes by the probabilities written. Only their planes are
 * looked at, and as one class more, the last, all others: its logit is the largest.
 */
export function softmaxClasses({ shared, classes: own, classWeights, share }: SoftmaxClassesTask): number {
  const { images, pixels } = shared;
  return tidy(() => {
    const shape = [images, own.length + 1, pixels];
    const [keys, logits] = [planesOf(shared.keys, shared, own), planesOf(shared.logits, shared, own)];
    for (let image = 0; image < images; image++) {
      const row = shared.largest.subarray(image * pixels, (image + 1) * pixels);
      viewF32(logits.pointer + 4 * ((image + 1) * shape[1] - 1) * pixels, pixels).set(row);
    }
    const [classOf, top] = [renamed(shared.labels, shared, own), renamed(shared.top, shared, own)];
    const others = copied([2, images, pixels], shared.others);
    const slopes = Tensor.empty(shape);
    const losses = lovaszClasses({ p: keys, keys, softmax: { logits, others, top } }, classOf, slopes.pointer, {
      bins: 0,
      weights: shared.weights ? copied([images, pixels], shared.weights).pointer : 0,
      classes: [...own.keys()],
      classWeights: own.map((c) => classWeights[c]),
      groupSize: images,
      divide: false,
      share,
    });
    eachOwn(shared, own, (from, to) => shared.slopes.set(viewF32(slopes.pointer + 4 * from, pixels), to));
    return losses.flat().reduce((sum, loss) => sum + loss, 0);
  });
}

// where the planes of `own` classes lie among themselves, with one class more, and among all
function eachOwn({ images, classes, pixels }: SoftmaxShared, own: readonly number[], visit: (among: number, all: number) => void): void {
  for (let image = 0; image < images; image++) {
    own.forEach((c, k) => {
      visit((image * (own.length + 1) + k) * pixels, (image * classes + c) * pixels);
    });
  }
}

function planesOf(values: Float32Array, shared: SoftmaxShared, own: readonly number[]): Tensor {
  const out = Tensor.empty([shared.images, own.length + 1, shared.pixels]);
  eachOwn(shared, own, (among, all) => {
    viewF32(out.pointer + 4 * among, shared.pixels).set(values.subarray(all, all + shared.pixels));
  });
  return out;
}

// classes as places in `own`, the others as the place after
function renamed(classOf: Int32Array, { images, classes, pixels }: SoftmaxShared, own: readonly number[]): Tensor {
  const places = new Int32Array(classes).fill(own.length);
  own.forEach((c, k) => {
    places[c] = k;
  });
  const out = Tensor.empty([images, pixels]);
  const view = viewI32(out.pointer, out.size);
  for (let i = 0; i < view.length; i++) view[i] = classOf[i] < 0 ? -1 : places[classOf[i]];
  return out;
}

/** The last step: from slopes by probabilities to the gradient of the logits of the pixels in hand. */
export function softmaxBack({ shared, from, to }: SoftmaxPixelsTask): void {
  const { call, images, classes, pixels, gradient } = shared;
  const n = to - from;
  tidy(() => {
    // a worker that took another's place has nothing kept
    if (!kept.has(call)) keep(call, probabilitiesOf(shared, from, to));
    const { p, top } = kept.get(call) as Kept;
    const slopes = sliced(shared.slopes, images * classes, pixels, from, to);
    const room = tileRoom(classes).pointer;
    for (let image = 0; image < images; image++) {
      const at = slopes.pointer + 4 * image * classes * n;
      kernels.softmaxSlopes_f32(p.pointer + 4 * image * classes * n, top.pointer + 4 * image * n, at, 1, at, classes, n, room);
    }
    eachPlane(images * classes, (plane) => {
      gradient.set(viewF32(slopes.pointer + 4 * plane * n, n), plane * pixels + from);
    });
  });
  forget(call);
}

function probabilitiesOf({ images, classes, pixels, logits, labels }: SoftmaxShared, from: number, to: number): Softmax {
  const n = to - from;
  const x = sliced(logits, images * classes, pixels, from, to, [images, classes, n]);
  const classOf = Tensor.empty([images, n]);
  eachPlane(images, (image) => {
    const at = image * pixels;
    viewI32(classOf.pointer + 4 * image * n, n).set(labels.subarray(at + from, at + to));
  });
  return softmaxOf("lovaszSoftmax", x, classOf, false) as Softmax;
}

function keep(call: number, { p, softmax: { top } }: Softmax): void {
  for (const tensor of [p, top]) untrack(tensor);
  kept.set(call, { p, top });
}

// the columns `from`..`to` of a matrix
function sliced(rows: Float32Array, count: number, width: number, from: number, to: number, shape = [count, to - from]): Tensor {
  const out = Tensor.empty(shape);
  eachPlane(count, (row) => {
    viewF32(out.pointer + 4 * row * (to - from), to - from).set(rows.subarray(row * width + from, row * width + to));
  });
  return out;
}

function copied(shape: readonly number[], values: Float32Array | Int32Array): Tensor {
  const out = Tensor.empty(shape);
  const view = values instanceof Int32Array ? viewI32 : viewF32;
  view(out.pointer, out.size).set(values.subarray(0, out.size));
  return out;
}

function eachPlane(count: number, visit: (plane: number) => void): void {
  for (let plane = 0; plane < count; plane++) visit(plane);
}
