// The losses of binary tasks on a GPU: it sorts the keys of each image and weighs them; errors, which keys hold exactly, are made here.
import { type BinaryTask, binaryLabels, readBinary } from "../../losses/binaryArguments.js";
import type { Labels } from "../../losses/labels.js";
import { HINGE } from "../../losses/lovaszHinge.js";
import { sigmoidTask } from "../../losses/lovaszSigmoid.js";
import type { ValueAndGrad } from "../../losses/valueAndGrad.js";
import { tidy } from "../../tensor/scope.js";
import { viewI32 } from "../../wasm/memory.js";
import { checkMass, flatten, type Job, OPTIONS, type Options, type Reader } from "./job.js";
import { type ErrorKind, unfit, writeKeys } from "./keys.js";
import { LARGEST_ROW, type Layout, slopesProgram } from "./programs.js";
import type { Session } from "./session.js";

/** `lovaszHinge`. */
export const hinge: Reader = {
  options: OPTIONS,
  read: (input, labels, options) => read(HINGE, input, labels, options),
};

/** `lovaszSigmoid`. */
export const sigmoid: Reader = {
  options: [...OPTIONS, "fromLogits"],
  read: (input, labels, options) => read(sigmoidTask(options), input, labels, options),
};

function read(task: BinaryTask & { kind: ErrorKind }, input: Float32Array, labels: Labels, options: Options): Job | string {
  return tidy(() => {
    const whole = readBinary(task, input, labels, options);
    const { input: x, images, n } = whole;
    const classOf = binaryLabels(whole);
    if (x.size === 0) return "an input without pixels";
    if (n > LARGEST_ROW) return `images of more than ${LARGEST_ROW} pixels`;
    const { kind } = task;
    const values = x.data.slice();
    const truth = viewI32(classOf.pointer, x.size).slice();
    return unfit(kind, values, truth) || { run: (session) => compute(session, kind, values, truth, images) };
  });
}

async function compute(session: Session, kind: ErrorKind, values: Float32Array, labels: Int32Array, images: number): Promise<ValueAndGrad> {
  const n = values.length / images;
  const layout = session.layout(n);
  const rows = Math.min(images, session.rowsOf(layout));
  if (rows === 0) throw new Error(`its arrays hold ${session.backend.elements} numbers, too few for images of ${n} pixels`);
  const grad = new Float32Array(values.length);
  let value = 0;
  for (let first = 0; first < images; first += rows) {
    const count = Math.min(rows, images - first);
    const part = [first * n, (first + count) * n] as const;
    const task = { kind, n, values: values.subarray(...part), labels: labels.subarray(...part), share: 1 / images };
    value += await computeRows(session, task, layout, rows, grad.subarray(...part));
  }
  return { value, grad };
}

interface Task {
  kind: ErrorKind;
  /** Pixels of an image. */
  n: number;
  values: Float32Array;
  labels: Int32Array;
  /** Of an image in the mean. */
  share: number;
}

// images, at most `rows`: their share of the loss; `grad` is written
async function computeRows(session: Session, task: Task, layout: Layout, rows: number, grad: Float32Array): Promise<number> {
  const { kind, n, values, labels, share } = task;
  const { size } = layout;
  const count = values.length / n;
  const keys = new Float32Array(rows * size);
  const positives = new Float32Array(rows);
  for (let row = 0; row < count; row++) {
    const truth = labels.subarray(row * n, (row + 1) * n);
    writeKeys(kind, values.subarray(row * n, (row + 1) * n), truth, keys.subarray(row * size));
    positives[row] = truth.reduce((sum, label) => sum + (label === 1 ? 1 : 0), 0);
  }
  const inputs = [session.rows(keys, layout), positives, new Float32Array(rows).fill(share)];
  const lines = (await session.run(`slopes ${size} x ${rows}`, (gpu) => slopesProgram(gpu, layout, rows), inputs)) as Float32Array[][];
  let loss = 0;
  for (let row = 0; row < count; row++) {
    const part = [row * n, (row + 1) * n] as const;
    loss += finish(kind, values.subarray(...part), labels.subarray(...part), share, flatten(lines[row], grad.subarray(...part)));
  }
  return loss;
}

// the loss of an image from slopes by the error, which become those by the input
function finish(kind: ErrorKind, values: Float32Array, labels: Int32Array, share: number, slopes: Float32Array): number {
  let loss = 0;
  let mass = 0;
  let kept = 0;
  for (let i = 0; i < values.length; i++) {
    const label = labels[i];
    if (label < 0) continue;
    kept += 1;
    const weight = Math.abs(slopes[i]);
    mass += weight;
    if (kind === "probability") {
      const p = Math.max(0, Math.min(1, values[i]));
      loss += weight * (label === 1 ? 1 - p : p);
      continue;
    }
    const margin = label === 1 ? values[i] : -values[i];
    if (kind === "hinge") {
      if (margin >= 1) slopes[i] = 0;
      else loss += weight * (1 - margin);
      continue;
    }
    const decay = Math.exp(-Math.abs(margin));
    loss += (weight * (margin > 0 ? decay : 1)) / (1 + decay);
    slopes[i] *= decay / (1 + decay) ** 2;
  }
  if (kept > 0) checkMass(mass, share);
  return loss;
}
