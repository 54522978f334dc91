// Rows on a GPU, each a binary task of its own: the GPU sorts and weighs the keys of the errors; the errors themselves are computed
// here, in float64.
import { checkMass, flatten } from "./job.js";
import { type ErrorKind, writeKeys } from "./keys.js";
import { derivativesProgram, type Layout } from "./programs.js";
import type { Session } from "./session.js";

export interface Rows {
  kind: ErrorKind;
  /** Pixels of a row. */
  n: number;
  /** [rows, n] */
  values: Float32Array;
  /** [rows, n]: 1, 0, or -1 where ignored. */
  labels: Int32Array;
  /** What the loss of each row counts in the result. */
  shares: Float32Array;
}

/** The loss of `rows`, in a program for `capacity` rows at most; `grad` gets the gradient, [rows, n]. */
export async function computeRows(session: Session, rows: Rows, layout: Layout, capacity: number, grad: Float32Array): Promise<number> {
  const { kind, n, values, labels, shares } = rows;
  const { size } = layout;
  const keys = new Float32Array(capacity * size);
  const [positives, factors] = [new Float32Array(capacity), new Float32Array(capacity)];
  factors.set(shares);
  for (let row = 0; row < shares.length; row++) {
    const truth = labels.subarray(row * n, (row + 1) * n);
    writeKeys(kind, values.subarray(row * n, (row + 1) * n), truth, keys.subarray(row * size));
    positives[row] = truth.reduce((sum, label) => sum + (label === 1 ? 1 : 0), 0);
  }
  const inputs = [session.rows(keys, layout), positives, factors];
  const lines = (await session.run(
    `derivatives ${size} x ${capacity}`,
    (gpu) => derivativesProgram(gpu, layout, capacity),
    inputs,
  )) as Float32Array[][];
  return shares.reduce((loss, share, row) => {
    const range = [row * n, (row + 1) * n] as const;
    return loss + finish(kind, values.subarray(...range), labels.subarray(...range), share, flatten(lines[row], grad.subarray(...range)));
  }, 0);
}

// the loss of a row, from derivatives by the error, which become the gradient by the input
function finish(kind: ErrorKind, values: Float32Array, labels: Int32Array, share: number, gradient: Float32Array): number {
  let loss = 0;
  let mass = 0;
  let kept = 0;
  for (let i = 0; i < values.length; i++) {
    const label = labels[i];
    if (label < 0) continue;
    kept += 1;
    const weight = Math.abs(gradient[i]);
    mass += weight;
    if (kind === "probability") {
      const p = Math.max(0, Math.min(1, values[i]));
      loss += weight * (label === 1 ? 1 - p : p);
      continue;
    }
    const margin = label === 1 ? values[i] : -values[i];
    if (kind === "hinge") {
      if (margin >= 1) gradient[i] = 0;
      else loss += weight * (1 - margin);
      continue;
    }
    const decay = Math.exp(-Math.abs(margin));
    loss += (weight * (margin > 0 ? decay : 1)) / (1 + decay);
    gradient[i] *= decay / (1 + decay) ** 2;
  }
  if (kept > 0) checkMass(mass, share);
  return loss;
}
