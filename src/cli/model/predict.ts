// Predicts the labels of a picture of any size.
import { type nn, noGrad, tensor, tidy } from "../../index.js";
import type { Sample } from "../data/sample.js";
import { batchOf } from "./batch.js";
import type { Task } from "./task.js";

/** Larger pictures are read in tiles of this extent, so that memory does not limit them. */
const TILE = 512;

// Logits depend on the pixels at most 20 away through the convolutions of the U-Net, and 3 more through the pooling.
const MARGIN = 32;

/** The label of each pixel of `sample`, the same as from the whole picture where it is read in tiles. */
export function predict(network: nn.UNet, sample: Sample, task: Task, tile = TILE): Uint8Array {
  const { width, height } = sample;
  if (width <= tile && height <= tile) return predictBox(network, sample, task, { left: 0, upper: 0, right: width, lower: height }).labels;
  const labels = new Uint8Array(width * height);
  for (let upper = 0; upper < height; upper += tile) {
    for (let left = 0; left < width; left += tile) {
      const inner = { left, upper, right: Math.min(left + tile, width), lower: Math.min(upper + tile, height) };
      const outer = {
        left: Math.max(0, left - MARGIN),
        upper: Math.max(0, upper - MARGIN),
        right: Math.min(inner.right + MARGIN, width),
        lower: Math.min(inner.lower + MARGIN, height),
      };
      const crop = predictBox(network, sample, task, outer);
      for (let y = upper; y < inner.lower; y++) {
        const from = (y - outer.upper) * crop.width - outer.left;
        labels.set(crop.labels.subarray(from + left, from + inner.right), y * width + left);
      }
    }
  }
  return labels;
}

interface Box {
  left: number;
  upper: number;
  right: number;
  lower: number;
}

function predictBox(
  network: nn.UNet,
  sample: Sample,
  task: Task,
  { left, upper, right, lower }: Box,
): { labels: Uint8Array; width: number } {
  const [width, height] = [right - left, lower - upper];
  const { pixels, shape } = batchOf([{ sample, left, upper, width, height, turn: 0 }]);
  const padded = noGrad(() => tidy(() => task.decide(network.forward(tensor(pixels, shape)).data, shape[2] * shape[3])));
  const labels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) labels.set(padded.subarray(y * shape[3], y * shape[3] + width), y * width);
  return { labels, width };
}
