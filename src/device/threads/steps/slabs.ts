// What a worker does for a softmax that is cut into slabs: the probabilities of slabs, then the losses of classes, then the gradients of
// slabs. Everything lies in memory that the workers share, see memory/layout.ts. An item may be done twice, where a worker died of it: no
// step writes to what it reads, except slabGradients, which replaces keys that no later step needs.
import { LovaszError } from "../../../errors.js";
import { countedLoss } from "../../../losses/method.js";
import { TASK_BYTES, type Task, writeTask } from "../../../losses/task.js";
import { WorkQueue } from "../memory/WorkQueue.js";
import type { SlabsCall, SlabsTask } from "../protocol.js";
import { coreOf } from "./core.js";

/** The first step: the probabilities of slabs. Throws `LovaszError` "nan" where a logit is not finite. */
export function slabProbabilities({ call, workerIndex }: SlabsTask): void {
  const { memory, images, slabs, offsets } = call;
  new WorkQueue(memory, offsets.pixelQueue, slabs).drain((slab) => {
    for (let row = slab * images; row < (slab + 1) * images; row++) probabilities(call, workerIndex, row);
  });
}

// of one image in one slab: a row, of which there are slabs * images
function probabilities(call: SlabsCall, workerIndex: number, row: number): void {
  const { classes, width, bins, offsets } = call;
  const kernels = coreOf(call, workerIndex);
  const [plane, block] = [4 * row * width, 4 * row * classes * width];
  const task = taskOf(call, workerIndex, {
    ...{ values: offsets.logits + block, labels: offsets.labels + plane, keys: offsets.keys + block },
    ...{ probabilities: offsets.probabilities + block, argmax: offsets.argmax + plane, classes, pixels: width, plane: 4 * width },
    ...(bins > 0 ? { bins, table: offsets.scratch } : { otherSums: offsets.otherSums + 2 * plane }),
  });
  const scratch = scratchOf(call, workerIndex);
  const finite = bins > 0 ? kernels.softmaxBins_f32(task, scratch) : kernels.softmaxKeys_f32(task, scratch);
  if (!finite) refuseInfinite(call, row);
}

const scratchOf = ({ offsets, scratchBytes }: SlabsCall, workerIndex: number) => offsets.scratch + workerIndex * scratchBytes;

// a pointer to what a kernel is given
function taskOf({ memory, offsets }: SlabsCall, workerIndex: number, fields: Partial<Task>): number {
  const pointer = offsets.tasks + workerIndex * TASK_BYTES;
  writeTask(new DataView(memory.buffer), pointer, fields);
  return pointer;
}

// the logits of ignored pixels may be anything
function refuseInfinite({ memory, classes, width, offsets }: SlabsCall, row: number): void {
  const labels = new Int32Array(memory.buffer, offsets.labels + 4 * row * width, width);
  for (let c = 0; c < classes; c++) {
    const logits = new Float32Array(memory.buffer, offsets.logits + 4 * (row * classes + c) * width, width);
    if (logits.every((logit, i) => labels[i] < 0 || Number.isFinite(logit))) continue;
    throw new LovaszError("nan", "a logit is not finite");
  }
}

/** The second step: the losses of classes, and their gradients by the probabilities. */
export function classLosses({ call, workerIndex }: SlabsTask): void {
  const { memory, order, factors, offsets } = call;
  const losses = new Float64Array(memory.buffer, offsets.losses, order.length);
  const lossOf = call.bins > 0 ? countedClass : sortedClass;
  new WorkQueue(memory, offsets.classQueue, order.length).drain((k) => {
    losses[k] = factors[k] * lossOf(call, workerIndex, k);
  });
}

// the loss of class number `k` of the order, whose errors are sorted
function sortedClass(call: SlabsCall, workerIndex: number, k: number): number {
  const { images, classes, slabs, width, order, factors, offsets } = call;
  const rows = slabs * images;
  const task = taskOf(call, workerIndex, {
    ...{ values: offsets.logits, keys: offsets.keys, otherSums: offsets.otherSums, argmax: offsets.argmax, labels: offsets.labels },
    ...{ weights: weightsOf(call), positive: order[k], images: rows, classes, pixels: width, scale: factors[k] },
    gradient: gradientOf(call, k),
  });
  return coreOf(call, workerIndex).lovaszClass_f32(task, scratchOf(call, workerIndex));
}

// the same of errors that are counted
function countedClass(call: SlabsCall, workerIndex: number, k: number): number {
  const { images, classes, slabs, width, order, factors, bins, offsets } = call;
  const kernels = coreOf(call, workerIndex);
  const rows = slabs * images;
  const scratch = scratchOf(call, workerIndex);
  const [gradient, weights] = [gradientOf(call, k), weightsOf(call)];
  // the softmax wrote addresses of bins in the scratch of worker 0
  const distance = scratch - offsets.scratch;
  for (let row = 0; row < rows; row++) {
    kernels.moveBins(offsets.keys + 4 * (row * classes + order[k]) * width, gradient + 4 * row * width, width, distance);
  }
  const table = { bins, range: 1, alpha: 1, beta: 1, table: scratch };
  const pixels = { addresses: gradient, stride: 4 * width, images: rows, n: width, weights };
  const positives = kernels.positiveMass(offsets.labels, weights, order[k], rows * width);
  return countedLoss({ ...pixels, ...table, positives, scale: -factors[k] }, kernels);
}

const weightsOf = ({ weighted, offsets }: SlabsCall) => (weighted ? offsets.weights : 0);

const gradientOf = (call: SlabsCall, k: number) => call.offsets.classGradients + call.order[k] * planeBytes(call);

const planeBytes = ({ images, slabs, width }: SlabsCall) => 4 * slabs * images * width;

/** The last step: the gradients of slabs by the logits, which replace the keys; `onDone` is told of each slab. */
export function slabGradients({ call, workerIndex }: SlabsTask, onDone: (slab: number) => void): void {
  const { memory, images, classes, slabs, width, offsets } = call;
  const kernels = coreOf(call, workerIndex);
  const scratch = scratchOf(call, workerIndex);
  new WorkQueue(memory, offsets.gradientQueue, slabs).drain((slab) => {
    for (let row = slab * images; row < (slab + 1) * images; row++) {
      const [plane, block] = [4 * row * width, 4 * row * classes * width];
      const [p, argmax, gradients] = [offsets.probabilities + block, offsets.argmax + plane, offsets.classGradients + plane];
      const own = { probabilities: p, argmax, gradient: gradients, logitGradient: offsets.keys + block };
      const extents = { stride: planeBytes(call), classes, pixels: width, plane: 4 * width };
      kernels.softmaxBackward_f32(taskOf(call, workerIndex, { ...own, ...extents }), scratch);
    }
  }, onDone);
}
