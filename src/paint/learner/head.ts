// Gives a network another number of classes, keeping what it has learned of the others.

import type { SavedNetwork } from "../../model/savedNetwork.js";
import type { StateDict } from "../../nn/stateDict.js";

/** A row of the last layer, a 1x1 convolution: the weights of a class, and at last its bias. */
type Row = readonly number[];

/** How many channels decide between `classes`: one logit between two. */
export function channelsOf(classes: number): number {
  return classes === 2 ? 1 : classes;
}

/**
 * The state of `network` with an output channel for each of `classes` classes, one for two; `removed` is the class that goes, the last by
 * default. A new class begins with the mean of the others' logits, so it never has the largest, and no label changes.
 */
export function withClasses(network: SavedNetwork, classes: number, removed: number | null): StateDict {
  const state = network.stateDict();
  const [weight, bias] = Object.keys(state).slice(-2);
  const rows = rowsOf(state[weight].data, state[bias].data);
  const logits: Row[] = rows.length === 1 ? [rows[0].map((value) => -value / 2), rows[0].map((value) => value / 2)] : rows;
  while (logits.length > classes) logits.splice(removed ?? logits.length - 1, 1);
  while (logits.length < classes) logits.push(meanOf(logits));
  const after = classes === 2 ? [logits[1].map((value, i) => value - logits[0][i])] : logits;
  const [, inputs, ...size] = state[weight].shape;
  state[weight] = { shape: [after.length, inputs, ...size], data: Float32Array.from(after.flatMap((row) => row.slice(0, -1))) };
  state[bias] = { shape: [after.length], data: Float32Array.from(after, (row) => row[row.length - 1]) };
  return state;
}

function rowsOf(weights: Float32Array, biases: Float32Array): Row[] {
  const inputs = weights.length / biases.length;
  return Array.from(biases, (bias, i) => [...weights.subarray(i * inputs, (i + 1) * inputs), bias]);
}

function meanOf(rows: readonly Row[]): Row {
  return rows[0].map((_, i) => rows.reduce((sum, row) => sum + row[i], 0) / rows.length);
}
