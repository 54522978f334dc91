// Batches of crops, rotated or mirrored, in the layout that the network reads.
import { IGNORED } from "../data/pictures.js";
import type { Sample } from "../data/sample.js";

/** A crop of a sample in one of eight orientations. */
export interface Crop {
  readonly sample: Sample;
  readonly left: number;
  readonly upper: number;
  /** The size in the sample, before it is turned. */
  readonly width: number;
  readonly height: number;
  /** Bit 0 mirrors horizontally, bit 1 vertically; bit 2 then swaps rows and columns. */
  readonly turn: number;
}

/** Pixels [crops, 3, height, width] and labels [crops, height, width]. */
export interface Batch {
  readonly pixels: Float32Array;
  readonly labels: Uint8Array;
  readonly shape: readonly [number, number, number, number];
}

/** The whole sample, not turned. */
export function whole(sample: Sample): Crop {
  return { sample, left: 0, upper: 0, width: sample.width, height: sample.height, turn: 0 };
}

/** The `box` of `sample`, copied where it is smaller, so that the whole sample can be freed. */
export function readCrop(sample: Sample, box: Omit<Crop, "sample">): Crop {
  const { left, upper, width, height } = box;
  if (width === sample.width && height === sample.height) return { ...box, sample };
  const rgb = sample.rgb.slice(0, 3 * width * height);
  const labels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (upper + y) * sample.width + left;
    rgb.set(sample.rgb.subarray(3 * from, 3 * (from + width)), 3 * y * width);
    labels.set(sample.labels.subarray(from, from + width), y * width);
  }
  return { ...box, left: 0, upper: 0, sample: { ...sample, width, height, rgb, labels } };
}

/** `crops` padded to one size, a multiple of 4 each way, with ignored pixels of the picture's mean colour. */
export function batchOf(crops: readonly Crop[]): Batch {
  const extents = crops.map(({ width, height, turn }) => (turn & 4 ? { width: height, height: width } : { width, height }));
  const width = toMultipleOf4(Math.max(...extents.map((extent) => extent.width)));
  const height = toMultipleOf4(Math.max(...extents.map((extent) => extent.height)));
  const plane = width * height;
  const pixels = new Float32Array(3 * plane * crops.length);
  const labels = new Uint8Array(plane * crops.length).fill(IGNORED);
  crops.forEach((crop, i) => {
    const { rgb, labels: truth, mean, scale } = crop.sample;
    const { start, right, down } = strides(crop);
    for (let y = 0; y < extents[i].height; y++) {
      for (let x = 0; x < extents[i].width; x++) {
        const from = start + y * down + x * right;
        const to = y * width + x;
        labels[i * plane + to] = truth[from];
        for (let c = 0; c < 3; c++) pixels[(3 * i + c) * plane + to] = (rgb[3 * from + c] - mean) * scale;
      }
    }
  });
  return { pixels, labels, shape: [crops.length, 3, height, width] };
}

function toMultipleOf4(extent: number): number {
  return 4 * Math.ceil(extent / 4);
}

// the index of the crop's first pixel in the sample, and the steps from a pixel to its right and lower neighbours
function strides({ sample, left, upper, width, height, turn }: Crop): { start: number; right: number; down: number } {
  const [mirrored, flipped] = [turn & 1, turn & 2];
  const start = (upper + (flipped ? height - 1 : 0)) * sample.width + left + (mirrored ? width - 1 : 0);
  const right = mirrored ? -1 : 1;
  const down = flipped ? -sample.width : sample.width;
  return turn & 4 ? { start, right: down, down: right } : { start, right, down };
}
