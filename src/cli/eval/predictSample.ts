// Predicts a picture whose truth is known, as `lovasz eval` and `lovasz sketch count` do.
import type { Model } from "../../model/model.js";
import { scalingOf } from "../../model/normalisation.js";
import { predictLabels } from "../../model/predictLabels.js";
import type { Task } from "../../model/task.js";
import type { Sample } from "../data/sample.js";
import { TILE } from "../model/tile.js";

/**
 * The label that `model` gives each pixel of `sample`. `onRows` gets the logits [channels, pixels] of rows from the top to the bottom, and the
 * true labels of these pixels.
 */
export async function predictSample(
  { network, normalisation }: Model,
  task: Task,
  { labels: truth, ...seen }: Sample,
  onRows: (logits: Float32Array, truth: Uint8Array) => void,
): Promise<Uint8Array> {
  const { rgb, white, width } = seen;
  const pixels = { ...seen, ...scalingOf(rgb, white, normalisation) };
  const { labels } = await predictLabels(network, pixels, {
    tile: TILE,
    task,
    onRows: ({ logits, upper, rows }) => onRows(logits, truth.subarray(upper * width, (upper + rows) * width)),
  });
  return labels;
}
