// What a worker does for a softmax loss that several compute together: probabilities by slabs, losses by classes, and the way
// back by slabs again. All of it lies in memory that they share; a step may be done again where a worker died of it.
import { LovaszError } from "../../errors.js";
import { TILE } from "../../losses/lovaszClasses.js";
import { countedLoss } from "../../losses/method.js";
import { TASK_BYTES, writeTask } from "../../losses/task.js";
import { COUNTER_BYTES } from "../../ops/sort.js";
import { coreOn } from "./core.js";
import type { SoftmaxCall, SoftmaxTask } from "./protocol.js";
import { Turns } from "./Turns.js";

/** Bytes that a worker needs for the softmax of a tile, or for the loss of a class of `n` pixels; 0 bins to sort. */
export function roomBytes(classes: number, n: number, bins: number): number {
  // a table, or records twice with counters
  return Math.max(12 * TILE * classes, bins > 0 ? 24 * (bins + 1) : 2 * (8 * n + 64) + COUNTER_BYTES + TASK_BYTES);
}

/** The first step: the probabilities of slabs. Throws `LovaszError` "nan" where a logit is not finite. */
export function softmaxPixels({ call, seat }: SoftmaxTask): void {
  const { memory, images, slabs, places } = call;
  const turns = new Turns(memory, places.pixelTurns, slabs);
  for (let slab = turns.take(); slab >= 0; slab = turns.take()) {
    for (let i = slab * images; i < (slab + 1) * images; i++) probabilities(call, seat, i);
    turns.finish(slab);
  }
}

// of one image in a slab
function probabilities(call: SoftmaxCall, seat: number, i: number): void {
  const { memory, classes, width, bins, places } = call;
  const kernels = coreOn(memory, seat);
  const room = places.rooms + seat * places.roomBytes;
  const [block, row] = [4 * i * classes * width, 4 * i * width];
  const [x, labels, p, top] = [places.logits + block, places.labels + row, places.p + block, places.top + row];
  const finite =
    bins > 0
      ? kernels.softmaxPlaces_f32(x, labels, p, places.keys + block, top, classes, width, bins, places.rooms)
      : kernels.softmaxKeys_f32(x, labels, p, places.keys + block, places.others + 2 * row, top, classes, width, room);
  if (!finite) refuseInfinite(call, i);
}

// what stands in void pixels may be anything
function refuseInfinite({ memory, classes, width, places }: SoftmaxCall, image: number): void {
  const labels = new Int32Array(memory.buffer, places.labels + 4 * image * width, width);
  for (let c = 0; c < classes; c++) {
    const logits = new Float32Array(memory.buffer, places.logits + 4 * (image * classes + c) * width, width);
    if (logits.every((logit, i) => labels[i] < 0 || Number.isFinite(logit))) continue;
    throw new LovaszError("nan", "a logit is not finite");
  }
}

/** The second step: the losses and slopes of classes. */
export function softmaxClasses({ call, seat }: SoftmaxTask): void {
  const { memory, images, slabs, width, order, factors, places } = call;
  const losses = new Float64Array(memory.buffer, places.losses, order.length);
  const room = places.rooms + seat * places.roomBytes;
  const plane = 4 * slabs * images * width;
  const turns = new Turns(memory, places.classTurns, order.length);
  for (let k = turns.take(); k >= 0; k = turns.take()) {
    losses[k] = factors[k] * classLoss(call, seat, order[k], factors[k], places.slopes + order[k] * plane, room);
    turns.finish(k);
  }
}

// the loss of class `c`; `scale` times its slopes [slabs, images, width] are written
function classLoss(call: SoftmaxCall, seat: number, c: number, scale: number, slopes: number, room: number): number {
  const { memory, images, classes, slabs, width, bins, places } = call;
  const kernels = coreOn(memory, seat);
  const { logits, labels, keys, others, top } = places;
  const rows = slabs * images;
  const n = rows * width;
  const weights = call.weighted ? places.weights : 0;
  if (bins > 0) {
    // those of the softmax are of a table at the first room
    for (let i = 0; i < rows; i++) {
      kernels.movePlaces(keys + 4 * (i * classes + c) * width, slopes + 4 * i * width, width, room - places.rooms);
    }
    const table = { bins, range: 1, alpha: 1, beta: 1, table: room };
    const pixels = { places: slopes, stride: 4 * width, images: rows, n: width, weights };
    const positives = kernels.positiveMass(labels, weights, c, n);
    return countedLoss({ ...pixels, ...table, positives, up: -scale, down: scale }, kernels);
  }
  const [spare, counters] = [room + 8 * n + 64, room + 2 * (8 * n + 64)];
  const task = counters + COUNTER_BYTES;
  const sources = { values: logits, keys, otherSums: others, argmax: top, labels, weights };
  const fields = { images: rows, classes, pixels: width, positive: c, scale, gradient: slopes, records: room, scratch: spare, counters };
  writeTask(new DataView(memory.buffer), task, { ...sources, ...fields });
  return kernels.lovaszClass_f32(task);
}

/**
 * The last step: the gradient by the logits of slabs, in place of their keys or places, each told to `report`. (In place of the
 * probabilities it could not be made again.)
 */
export function softmaxBack({ call, seat }: SoftmaxTask, report: (slab: number) => void): void {
  const { memory, images, classes, slabs, width, places } = call;
  const kernels = coreOn(memory, seat);
  const room = places.rooms + seat * places.roomBytes;
  const stride = 4 * slabs * images * width;
  const turns = new Turns(memory, places.backTurns, slabs);
  for (let slab = turns.take(); slab >= 0; slab = turns.take()) {
    for (let i = slab * images; i < (slab + 1) * images; i++) {
      const [block, row] = [4 * i * classes * width, 4 * i * width];
      const [p, top, slopes] = [places.p + block, places.top + row, places.slopes + row];
      kernels.softmaxSlopes_f32(p, top, slopes, stride, 1, places.keys + block, classes, width, room);
    }
    turns.finish(slab);
    report(slab);
  }
}
