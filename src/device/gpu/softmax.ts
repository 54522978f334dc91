// Lovász-Softmax on a GPU: from logits, all of it in one program; from probabilities, the sort and the weights, as for binary tasks.
// From logits, errors whose odds are within 1e-7 of one another may tie or swap, as float32 does not tell them apart. That swaps the
// derivatives of neighbours in the order, which differ by about one over the square of their rank.
import type { ValueAndGrad } from "../../losses/valueAndGrad.js";
import { tidy } from "../../tensor/scope.js";
import { channelsLast } from "../channelOrder.js";
import { checkMass, flatten, OPTIONS, type Reader } from "./job.js";
import type { Gpu } from "./library.js";
import { LARGEST_ROW, softmaxProgram } from "./programs.js";
import { computeRows } from "./rows.js";
import type { Session } from "./session.js";
import { type Batch, eachBlock, readTask, type Task, takeGradient } from "./softmaxTask.js";

/** `lovaszSoftmax`. */
export const softmax: Reader = {
  options: [...OPTIONS, "fromLogits", "classes", "classWeights"],
  read: (input, labels, options) => {
    const task = tidy(() => readTask(input, labels, options));
    if (task.values.length === 0) return "an input without pixels";
    if (task.groupSize * task.pixels > LARGEST_ROW) return `more than ${LARGEST_ROW} pixels in one loss`;
    return { run: (session) => compute(session, task) };
  },
};

async function compute(session: Session, task: Task): Promise<ValueAndGrad> {
  const { images, classes, pixels, groupSize, values } = task;
  const layout = session.layout(groupSize * pixels);
  const groups = images / groupSize;
  const atOnce = Math.min(groups, session.atOnce(layout, classes, `${classes} classes of ${groupSize * pixels} pixels`));
  const grad = new Float32Array(values.length);
  const computeBatch = task.fromLogits ? logitsBatch : probabilitiesBatch;
  let value = 0;
  for (let first = 0; first < groups; first += atOnce) {
    value += await computeBatch(session, task, { layout, first, count: Math.min(atOnce, groups - first), groups: atOnce }, grad);
  }
  return { value, grad: task.last ? channelsLast(grad, task) : grad };
}

async function logitsBatch(session: Session, task: Task, batch: Batch, grad: Float32Array): Promise<number> {
  const { classes, pixels, groupSize } = task;
  const { layout, groups, count } = batch;
  const { size } = layout;
  const labels = new Float32Array(groups * size).fill(-1);
  const logits = new Float32Array(groups * classes * size);
  fill(task, batch, logits, labels);
  const [positives, factors] = [task.counts, task.factors].map((of) => {
    const padded = new Float32Array(groups * classes);
    padded.set(rowsOf(batch, of, classes));
    return padded;
  });
  const inputs = [session.rows(logits, layout), session.rows(labels, layout), positives, factors];
  const make = (gpu: Gpu) => softmaxProgram(gpu, layout, classes, groups);
  const came = await session.run(`softmax ${size} x ${classes} x ${groups}`, make, inputs);
  const { gradient, sums } = came as { gradient: Float32Array[][]; sums: Float32Array[][] };
  const flat = new Float32Array(groupSize * pixels);
  takeGradient(task, batch, (row) => flatten(gradient[row], flat), grad);
  let loss = 0;
  for (let row = 0; row < count * classes; row++) {
    checkMass(total(sums[row][0]), factors[row]);
    loss += total(sums[row][1]);
  }
  return loss;
}

// each class against all others: a binary task
async function probabilitiesBatch(session: Session, task: Task, batch: Batch, grad: Float32Array): Promise<number> {
  const { classes, pixels, groupSize } = task;
  const n = groupSize * pixels;
  const shares = rowsOf(batch, task.factors, classes);
  const [values, labels, gradient] = [
    new Float32Array(shares.length * n),
    new Int32Array(shares.length * n),
    new Float32Array(shares.length * n),
  ];
  eachBlock(task, batch, (from, row, at) => {
    values.set(task.values.subarray(from, from + pixels), row * n + at);
    const image = Math.floor(from / (classes * pixels));
    const c = row % classes;
    const truth = task.labels.subarray(image * pixels, (image + 1) * pixels);
    labels.set(
      truth.map((label) => (label < 0 ? -1 : label === c ? 1 : 0)),
      row * n + at,
    );
  });
  const rows = { kind: "probability", n, values, labels, shares } as const;
  const loss = await computeRows(session, rows, batch.layout, batch.groups * classes, gradient);
  takeGradient(task, batch, (row) => gradient.subarray(row * n, (row + 1) * n), grad);
  return loss;
}

const total = (values: Float32Array) => values.reduce((sum, one) => sum + one, 0);

// of a number for each row of the task, those of the batch
const rowsOf = ({ first, count }: Batch, of: Float32Array, classes: number) => of.subarray(first * classes, (first + count) * classes);

// logits and labels in padded rows; logits of ignored pixels, which may be anything, become 0
function fill(task: Task, batch: Batch, logits: Float32Array, labels: Float32Array): void {
  const { classes, pixels, groupSize, values } = task;
  const { first, count } = batch;
  const { size } = batch.layout;
  eachBlock(task, batch, (from, row, at) => logits.set(values.subarray(from, from + pixels), row * size + at));
  for (let group = 0; group < count; group++) {
    const n = groupSize * pixels;
    const own = task.labels.subarray((first + group) * n, (first + group + 1) * n);
    labels.set(own, group * size);
    for (let i = own.indexOf(-1); i >= 0; i = own.indexOf(-1, i + 1)) {
      for (let c = 0; c < classes; c++) logits[(group * classes + c) * size + i] = 0;
    }
  }
}
