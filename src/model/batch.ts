// Batches of pictures, in the layout that the network reads.
import { IGNORED } from "./ignored.js";
import type { LabelledPixels } from "./pixels.js";
import { fillPlanes } from "./planes.js";

/** Pixels [samples, 3, height, width] and labels [samples, height, width]. */
export interface Batch {
  readonly pixels: Float32Array;
  readonly labels: Uint8Array;
  readonly shape: readonly [number, number, number, number];
}

/** `samples` padded to one size, a multiple of 4 each way, with ignored pixels of the picture's mean colour. */
export function batchOf(samples: readonly LabelledPixels[]): Batch {
  const width = toMultipleOf4(Math.max(...samples.map((sample) => sample.width)));
  const height = toMultipleOf4(Math.max(...samples.map((sample) => sample.height)));
  const plane = width * height;
  const pixels = new Float32Array(3 * plane * samples.length);
  const labels = new Uint8Array(plane * samples.length).fill(IGNORED);
  samples.forEach((sample, i) => {
    fillPlanes(sample, pixels, 3 * i * plane, width, height);
    for (let y = 0; y < sample.height; y++) {
      const row = y * sample.width;
      labels.set(sample.labels.subarray(row, row + sample.width), i * plane + y * width);
    }
  });
  return { pixels, labels, shape: [samples.length, 3, height, width] };
}

function toMultipleOf4(extent: number): number {
  return 4 * Math.ceil(extent / 4);
}
