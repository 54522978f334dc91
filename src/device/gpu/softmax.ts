// Lovász-Softmax on a GPU: of logits all of it, in one program; of probabilities the sort and the weights, as for binary tasks.
// Of logits, errors that float32 does not tell apart (their odds within 1e-7 of one another) may tie or change places, which
// in WebAssembly those of float64 do: slopes of neighbours in the order, which differ by about one over the square of their rank.
import type { Labels } from "../../losses/labels.js";
import { classFactors, countClasses } from "../../losses/lovaszClasses.js";
import { refuseInfinite } from "../../losses/range.js";
import { readSoftmax } from "../../losses/softmaxArguments.js";
import type { ValueAndGrad } from "../../losses/valueAndGrad.js";
import { transpose } from "../../ops/transpose.js";
import { tidy } from "../../tensor/scope.js";
import { tensor } from "../../tensor/tensor.js";
import { viewI32 } from "../../wasm/memory.js";
import { checkMass, flatten, OPTIONS, type Options, type Reader } from "./job.js";
import { writeKeys } from "./keys.js";
import { LARGEST_ROW, type Layout, slopesProgram, softmaxProgram } from "./programs.js";
import type { Session } from "./session.js";

/** A call in the order [images, classes, pixels]. Images of a group share a loss for each class. */
interface Task {
  values: Float32Array;
  /** [images, pixels], -1 void. */
  labels: Int32Array;
  images: number;
  classes: number;
  pixels: number;
  groupSize: number;
  fromLogits: boolean;
  /** Whether the classes come last in the input. */
  last: boolean;
  /** [groups, classes]: how many pixels, and what the loss counts in the result. */
  counts: Float32Array;
  factors: Float32Array;
}

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

function readTask(input: Float32Array, labels: Labels, options: Options): Task {
  const { at, classOf, fromLogits, settings } = readSoftmax(input, labels, options);
  const { x, images, classes, pixels, last } = at;
  if (fromLogits) refuseInfinite("lovaszSoftmax", x, classOf, { images, classes, pixels });
  const truth = viewI32(classOf.pointer, images * pixels).slice();
  const { groupSize } = settings;
  const groups = Array.from({ length: images / groupSize }, (_, group) =>
    countClasses(classOf.pointer + 4 * group * groupSize * pixels, groupSize * pixels, classes),
  );
  const counts = Float32Array.from(groups.flatMap((counts) => [...counts]));
  const factors = Float32Array.from(groups.flatMap((counts) => classFactors(settings, counts)));
  return { values: x.data.slice(), labels: truth, images, classes, pixels, groupSize, fromLogits, last, counts, factors };
}

async function compute(session: Session, task: Task): Promise<ValueAndGrad> {
  const { images, classes, pixels, groupSize, values } = task;
  const layout = session.layout(groupSize * pixels);
  const groups = images / groupSize;
  const atOnce = Math.min(groups, Math.floor(session.rowsOf(layout) / classes));
  if (atOnce === 0) {
    throw new Error(`its arrays hold ${session.backend.elements} numbers, too few for ${classes} classes of ${groupSize * pixels} pixels`);
  }
  const grad = new Float32Array(values.length);
  const part = task.fromLogits ? logitsPart : probabilitiesPart;
  let value = 0;
  for (let first = 0; first < groups; first += atOnce) {
    value += await part(session, task, { layout, first, count: Math.min(atOnce, groups - first), groups: atOnce }, grad);
  }
  return { value, grad: task.last ? toLast(grad, task) : grad };
}

/** Groups `first` to `first + count` of a task, in a program for `groups` of them. */
interface Part {
  layout: Layout;
  first: number;
  count: number;
  groups: number;
}

async function logitsPart(session: Session, task: Task, part: Part, grad: Float32Array): Promise<number> {
  const { classes } = task;
  const { layout, groups } = part;
  const { size } = layout;
  const name = `softmax ${size} x ${classes} x ${groups}`;
  const labels = new Float32Array(groups * size).fill(-1);
  const logits = new Float32Array(groups * classes * size);
  fill(task, part, logits, labels);
  const { positives, factors } = rowsOfPart(task, part);
  const inputs = [session.rows(logits, layout), session.rows(labels, layout), positives, factors];
  const make = (gpu: Parameters<typeof softmaxProgram>[0]) => softmaxProgram(gpu, layout, classes, groups);
  const { gradient, sums } = (await session.run(name, make, inputs)) as { gradient: Float32Array[][]; sums: Float32Array[][] };
  let loss = 0;
  for (let row = 0; row < part.count * classes; row++) {
    if (isEmpty(task, part, row)) continue;
    checkMass(total(sums[row][0]), factors[row]);
    loss += total(sums[row][1]);
  }
  takeGradient(task, part, gradient, grad);
  return loss;
}

async function probabilitiesPart(session: Session, task: Task, part: Part, grad: Float32Array): Promise<number> {
  const { classes, labels, values, pixels } = task;
  const { layout, groups } = part;
  const { size } = layout;
  const keys = new Float32Array(groups * classes * size);
  eachBlock(task, part, (from, row, at) => {
    const image = Math.floor(from / (classes * pixels));
    const truth = foreground(labels.subarray(image * pixels, (image + 1) * pixels), row % classes);
    writeKeys("probability", values.subarray(from, from + pixels), truth, keys.subarray(row * size + at));
  });
  const { positives, factors } = rowsOfPart(task, part);
  const rows = groups * classes;
  const inputs = [session.rows(keys, layout), positives, factors];
  const lines = (await session.run(`slopes ${size} x ${rows}`, (gpu) => slopesProgram(gpu, layout, rows), inputs)) as Float32Array[][];
  takeGradient(task, part, lines, grad);
  let loss = 0;
  const masses = new Float64Array(part.count * classes);
  eachBlock(task, part, (from, row) => {
    const offset = Math.floor(from / (classes * pixels)) * pixels;
    for (let i = 0; i < pixels; i++) {
      const label = labels[offset + i];
      if (label < 0) continue;
      const weight = Math.abs(grad[from + i]);
      const p = Math.max(0, Math.min(1, values[from + i]));
      masses[row] += weight;
      loss += weight * (label === row % classes ? 1 - p : p);
    }
  });
  for (let row = 0; row < masses.length; row++) if (!isEmpty(task, part, row)) checkMass(masses[row], factors[row]);
  return loss;
}

// labels as those of one class against all others
const foreground = (labels: Int32Array, c: number) => labels.map((label) => (label < 0 ? -1 : label === c ? 1 : 0));

const total = (values: Float32Array) => values.reduce((sum, one) => sum + one, 0);

// whether all pixels of a row of the part are void
function isEmpty(task: Task, part: Part, row: number): boolean {
  const { classes, counts } = task;
  const start = part.first * classes + row - (row % classes);
  return counts.subarray(start, start + classes).every((count) => count === 0);
}

function rowsOfPart({ classes, counts, factors }: Task, { first, count, groups }: Part) {
  const rows = (of: Float32Array) => {
    const padded = new Float32Array(groups * classes);
    padded.set(of.subarray(first * classes, (first + count) * classes));
    return padded;
  };
  return { positives: rows(counts), factors: rows(factors) };
}

// calls `use` with where the pixels of each class and image begin in the input, their row in the part, and where in that
function eachBlock({ classes, pixels, groupSize }: Task, { first, count }: Part, use: (from: number, row: number, at: number) => void) {
  for (let group = 0; group < count; group++) {
    for (let k = 0; k < groupSize; k++) {
      const image = (first + group) * groupSize + k;
      for (let c = 0; c < classes; c++) use((image * classes + c) * pixels, group * classes + c, k * pixels);
    }
  }
}

// logits and labels in padded rows; logits of void pixels, which may be anything, are 0
function fill(task: Task, part: Part, logits: Float32Array, labels: Float32Array): void {
  const { classes, pixels, groupSize, values } = task;
  const { first, count } = part;
  const { size } = part.layout;
  eachBlock(task, part, (from, row, at) => logits.set(values.subarray(from, from + pixels), row * size + at));
  for (let group = 0; group < count; group++) {
    const n = groupSize * pixels;
    const own = task.labels.subarray((first + group) * n, (first + group + 1) * n);
    labels.set(own, group * size);
    for (let i = own.indexOf(-1); i >= 0; i = own.indexOf(-1, i + 1)) {
      for (let c = 0; c < classes; c++) logits[(group * classes + c) * size + i] = 0;
    }
  }
}

// from rows of the part to [images, classes, pixels]
function takeGradient(task: Task, part: Part, rows: readonly Float32Array[][], grad: Float32Array): void {
  const { classes, pixels, groupSize } = task;
  const flat = new Float32Array(groupSize * pixels);
  for (let row = 0; row < part.count * classes; row++) {
    flatten(rows[row], flat);
    const image = (part.first + Math.floor(row / classes)) * groupSize;
    for (let k = 0; k < groupSize; k++) {
      grad.set(flat.subarray(k * pixels, (k + 1) * pixels), ((image + k) * classes + (row % classes)) * pixels);
    }
  }
}

// from [images, classes, pixels] to [images, pixels, classes]
function toLast(grad: Float32Array, { images, classes, pixels }: Task): Float32Array {
  return tidy(() => transpose(tensor(grad, [images, classes, pixels]), [0, 2, 1]).data.slice());
}
