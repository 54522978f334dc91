// What a worker does for a softmax loss that several compute together: probabilities by pixels, losses by classes, and the way
// back by pixels again.
import { lovaszClasses, type Probabilities, softmaxOf } from "../../losses/lovaszClasses.js";
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

const kept = new Map<number, Kept>();

/** Lets go of what is kept of a call. */
export function forget(call: number): void {
  const found = kept.get(call);
  kept.delete(call);
  found?.p.dispose();
  found?.top.dispose();
}

/** The first step: codes, others and top of the pixels in hand. */
export function softmaxPixels({ shared, from, to }: SoftmaxPixelsTask): void {
  const { images, classes, pixels, codes, others, top } = shared;
  forget(shared.call);
  tidy(() => {
    const made = probabilitiesOf(shared, from, to);
    const n = to - from;
    if (!made.softmax) return;
    eachPlane(images * classes, (plane) => {
      codes.set(viewF32(made.codes.pointer + 4 * plane * n, n), plane * pixels + from);
    });
    const { others: otherSums, top: largest } = made.softmax;
    eachPlane(images, (image) => {
      others.set(viewF32(otherSums.pointer + 8 * image * n, 2 * n), 2 * (image * pixels + from));
      top.set(viewF32(largest.pointer + 4 * image * n, n), image * pixels + from);
    });
    keep(shared.call, made);
  });
}

/** The second step: losses of some classes, their sum returned, their slopes by the probabilities written. */
export function softmaxClasses({ shared, classes: own, classWeights, share }: SoftmaxClassesTask): number {
  const { images, classes, pixels } = shared;
  return tidy(() => {
    const shape = [images, classes, pixels];
    const codes = Tensor.empty(shape);
    const planes = [...Array(images).keys()].flatMap((image) => own.map((c) => image * classes + c));
    for (const plane of planes) {
      viewF32(codes.pointer + 4 * plane * pixels, pixels).set(shared.codes.subarray(plane * pixels, (plane + 1) * pixels));
    }
    const classOf = copied([images, pixels], shared.labels);
    const slopes = Tensor.empty(shape);
    const softmax = {
      logits: copied(shape, shared.logits),
      others: copied([2, images, pixels], shared.others),
      top: copied([images, pixels], shared.top),
    };
    const losses = lovaszClasses({ p: codes, codes, softmax }, classOf, slopes, {
      weights: shared.weights ? copied([images, pixels], shared.weights).pointer : 0,
      classes: own,
      classWeights,
      groupSize: images,
      divide: false,
      share,
    });
    for (const plane of planes) shared.slopes.set(viewF32(slopes.pointer + 4 * plane * pixels, pixels), plane * pixels);
    return losses.flat().reduce((sum, loss) => sum + loss, 0);
  });
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
    for (let image = 0; image < images; image++) {
      const at = slopes.pointer + 4 * image * classes * n;
      kernels.softmaxSlopes_f32(p.pointer + 4 * image * classes * n, top.pointer + 4 * image * n, at, at, classes, n);
    }
    eachPlane(images * classes, (plane) => {
      gradient.set(viewF32(slopes.pointer + 4 * plane * n, n), plane * pixels + from);
    });
  });
  forget(call);
}

function probabilitiesOf({ images, classes, pixels, logits, labels }: SoftmaxShared, from: number, to: number): Probabilities {
  const x = sliced(logits, images * classes, pixels, from, to, [images, classes, to - from]);
  const classOf = Tensor.empty([images, to - from]);
  eachPlane(images, (image) => {
    const at = image * pixels;
    viewI32(classOf.pointer + 4 * image * (to - from), to - from).set(labels.subarray(at + from, at + to));
  });
  return softmaxOf(x, classOf);
}

function keep(call: number, { p, softmax }: Probabilities): void {
  const { top } = softmax as NonNullable<Probabilities["softmax"]>;
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
