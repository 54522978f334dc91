// What a network says about a picture of any size.
import { type nn, noGrad, tensor, tidy } from "../../index.js";
import type { Sample } from "../data/sample.js";
import { batchOf } from "./batch.js";
import type { Task } from "./task.js";

/** Larger pictures are read in tiles of this extent, so that memory does not limit them. */
const TILE = 512;

// Logits depend on the pixels at most 20 away through the convolutions of the U-Net, and 3 more through the pooling.
const MARGIN = 32;

/** The label of each pixel of `sample`: of the whole picture, also where it is read in tiles. */
export function predict(network: nn.UNet, sample: Sample, task: Task, tile = TILE): Uint8Array {
  const { width, height } = sample;
  if (width <= tile && height <= tile) return predictPart(network, sample, task, { left: 0, top: 0, right: width, bottom: height }).labels;
  const labels = new Uint8Array(width * height);
  for (let top = 0; top < height; top += tile) {
    for (let left = 0; left < width; left += tile) {
      const inner = { left, top, right: Math.min(left + tile, width), bottom: Math.min(top + tile, height) };
      const outer = {
        left: Math.max(0, left - MARGIN),
        top: Math.max(0, top - MARGIN),
        right: Math.min(inner.right + MARGIN, width),
        bottom: Math.min(inner.bottom + MARGIN, height),
      };
      const part = predictPart(network, sample, task, outer);
      for (let y = top; y < inner.bottom; y++) {
        const from = (y - outer.top) * part.width - outer.left;
        labels.set(part.labels.subarray(from + left, from + inner.right), y * width + left);
      }
    }
  }
  return labels;
}

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

function predictPart(
  network: nn.UNet,
  sample: Sample,
  task: Task,
  { left, top, right, bottom }: Box,
): { labels: Uint8Array; width: number } {
  const [width, height] = [right - left, bottom - top];
  const { pixels, shape } = batchOf([{ sample, left, top, width, height, turn: 0 }]);
  const padded = noGrad(() => tidy(() => task.decide(network.forward(tensor(pixels, shape)).data, shape[2] * shape[3])));
  const labels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) labels.set(padded.subarray(y * shape[3], y * shape[3] + width), y * width);
  return { labels, width };
}
