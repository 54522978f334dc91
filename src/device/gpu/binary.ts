// The losses of binary tasks on a GPU: a row for each image.
import { type BinaryTask, binaryLabels, readBinary } from "../../losses/binaryArguments.js";
import type { Labels } from "../../losses/labels.js";
import { HINGE } from "../../losses/lovaszHinge.js";
import { sigmoidTask } from "../../losses/lovaszSigmoid.js";
import type { ValueAndGrad } from "../../losses/valueAndGrad.js";
import { tidy } from "../../tensor/scope.js";
import { viewI32 } from "../../wasm/memory.js";
import { type Job, OPTIONS, type Options, type Reader } from "./job.js";
import { type ErrorKind, unfit } from "./keys.js";
import { LARGEST_ROW } from "./programs.js";
import { computeRows } from "./rows.js";
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
  const rows = Math.min(images, session.atOnce(layout, 1, `images of ${n} pixels`));
  const grad = new Float32Array(values.length);
  let value = 0;
  for (let first = 0; first < images; first += rows) {
    const count = Math.min(rows, images - first);
    const range = [first * n, (first + count) * n] as const;
    const shares = new Float32Array(count).fill(1 / images);
    const own = { kind, n, values: values.subarray(...range), labels: labels.subarray(...range), shares };
    value += await computeRows(session, own, layout, rows, grad.subarray(...range));
  }
  return { value, grad };
}
