import { LovaszError } from "../errors.js";
import type { Module } from "../nn/module.js";
import { zerosFor } from "./outOfMemory.js";
import type { Pixels } from "./pixels.js";
import { type Task, taskOf } from "./task.js";
import { type Rows, type Tiles, tiledLogits } from "./tiledLogits.js";

/** What is wanted of a picture. */
export interface Wanted extends Tiles {
  /** What the network decides; null where its channels say. */
  readonly task: Task | null;
  /** Whether the probabilities of all channels are wanted. */
  readonly probabilities?: boolean;
  /** Above this logit is the foreground. Default 0. */
  readonly limit?: number;
  /** Called with all rows, from the top to the bottom; it must not change them. */
  readonly onRows?: (rows: LabelledRows) => void;
}

/** Whole rows of logits, with the label of each pixel. */
export interface LabelledRows extends Rows {
  readonly labels: Uint8Array;
}

/** What a network says of a picture. */
export interface Predicted {
  /** The label of each pixel, row by row. */
  readonly labels: Uint8Array;
  /** [C, H, W], or [1, H, W] for foreground and background; null where they were not wanted. */
  readonly probabilities: Float32Array | null;
}

/**
 * What `network` says of `pixels`, tile by tile. Rejects with `LovaszError` "shape", "memory", or "nan" where a logit is none, and with the
 * reason of the signal.
 */
export async function predictLabels(network: Module, pixels: Pixels, wanted: Wanted): Promise<Predicted> {
  const { task, probabilities, limit, onRows, ...tiles } = wanted;
  const { width, height } = pixels;
  const labels = new Uint8Array(width * height);
  let all: Float32Array | null = null;
  const take = (taken: Rows) => {
    const { logits, channels, upper, rows } = taken;
    refuseNaN(logits, width, upper, rows);
    const decided = task ?? taskOf(channels);
    const found = decided.decide(logits, rows * width, limit);
    labels.set(found, upper * width);
    onRows?.({ ...taken, labels: found });
    if (!probabilities) return;
    all ??= zerosFor(channels * width * height, `the probabilities of ${channels} x ${height} x ${width} values`, "leave them out");
    decided.toProbabilities(logits, rows * width);
    for (let c = 0; c < channels; c++) {
      all.set(logits.subarray(c * rows * width, (c + 1) * rows * width), (c * height + upper) * width);
    }
  };
  await tiledLogits(network, pixels, task?.outChannels ?? null, take, tiles);
  return { labels, probabilities: all };
}

function refuseNaN(logits: Float32Array, width: number, upper: number, rows: number): void {
  const first = logits.findIndex(Number.isNaN);
  if (first < 0) return;
  const at = first % (rows * width);
  const where = `column ${at % width}, row ${upper + Math.floor(at / width)}`;
  throw new LovaszError("nan", `the network's logit of ${where} is NaN; its training diverged`);
}
