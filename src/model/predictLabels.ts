// Predicts the labels of a picture of any size.
import type { Module } from "../nn/module.js";
import { tidy } from "../tensor/scope.js";
import { noGrad } from "../tensor/tape.js";
import { batchOf } from "./batch.js";
import { type Box, cut } from "./cut.js";
import { logitsOf } from "./logits.js";
import type { Pixels } from "./pixels.js";
import type { Task } from "./task.js";

/** Larger pictures are read in tiles of this extent, so that memory does not limit them. */
const TILE = 512;

// Logits depend on the pixels at most 20 away through the convolutions of a U-Net of three levels, and 3 more through the pooling.
const MARGIN = 32;

/**
 * The label of each pixel, of larger pictures tile by tile: the same as from the whole picture for a U-Net of three levels without norms,
 * and nearly the same for networks that see further.
 */
export function predictLabels(network: Module, pixels: Pixels, task: Task, tile = TILE): Uint8Array {
  const { width, height } = pixels;
  if (width <= tile && height <= tile) return predictBox(network, pixels, task, { left: 0, upper: 0, width, height });
  const labels = new Uint8Array(width * height);
  for (let upper = 0; upper < height; upper += tile) {
    for (let left = 0; left < width; left += tile) {
      const [right, lower] = [Math.min(left + tile, width), Math.min(upper + tile, height)];
      const outer = { left: Math.max(0, left - MARGIN), upper: Math.max(0, upper - MARGIN) };
      const box = {
        ...outer,
        width: Math.min(right + MARGIN, width) - outer.left,
        height: Math.min(lower + MARGIN, height) - outer.upper,
      };
      const predicted = predictBox(network, pixels, task, box);
      for (let y = upper; y < lower; y++) {
        const from = (y - box.upper) * box.width - box.left;
        labels.set(predicted.subarray(from + left, from + right), y * width + left);
      }
    }
  }
  return labels;
}

function predictBox(network: Module, pixels: Pixels, task: Task, box: Box): Uint8Array {
  const { width, height } = box;
  const rgb = cut(pixels.rgb, 3, pixels.width, box);
  const { pixels: input, shape } = batchOf([{ ...pixels, width, height, rgb, labels: new Uint8Array(width * height) }]);
  const padded = noGrad(() =>
    tidy(() => task.decide(logitsOf(network, { pixels: input, shape }, task.outChannels).data, shape[2] * shape[3])),
  );
  return cut(padded, 1, shape[3], { left: 0, upper: 0, width, height });
}
