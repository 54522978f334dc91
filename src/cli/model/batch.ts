// From samples to what the network reads: parts of pictures, turned or not, side by side in one tensor's worth of numbers.
import { VOID } from "../data/pictures.js";
import type { Sample } from "../data/sample.js";

/** A part of a sample, turned in one of eight ways. */
export interface Part {
  readonly sample: Sample;
  readonly left: number;
  readonly top: number;
  /** Of the part as it lies in the sample. */
  readonly width: number;
  readonly height: number;
  /** Bit 0 mirrors left and right, bit 1 top and bottom, bit 2 swaps rows and columns then. */
  readonly turn: number;
}

/** Pixels [parts, 3, height, width] and labels [parts, height, width]. */
export interface Batch {
  readonly pixels: Float32Array;
  readonly labels: Uint8Array;
  readonly shape: readonly [number, number, number, number];
}

/** The whole sample as it lies. */
export function whole(sample: Sample): Part {
  return { sample, left: 0, top: 0, width: sample.width, height: sample.height, turn: 0 };
}

/** The `box` of `sample` as a part that keeps no more of the sample than its box: others may be as large. */
export function readPart(sample: Sample, box: Omit<Part, "sample">): Part {
  const { left, top, width, height } = box;
  if (width === sample.width && height === sample.height) return { ...box, sample };
  const rgb = sample.rgb.slice(0, 3 * width * height);
  const labels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (top + y) * sample.width + left;
    rgb.set(sample.rgb.subarray(3 * from, 3 * (from + width)), 3 * y * width);
    labels.set(sample.labels.subarray(from, from + width), y * width);
  }
  return { ...box, left: 0, top: 0, sample: { ...sample, width, height, rgb, labels } };
}

/** `parts` in one size, a multiple of 4 each way: what a smaller one lacks is ignored, of the picture's mean colour. */
export function batchOf(parts: readonly Part[]): Batch {
  const extents = parts.map(({ width, height, turn }) => (turn & 4 ? { width: height, height: width } : { width, height }));
  const width = fours(Math.max(...extents.map((extent) => extent.width)));
  const height = fours(Math.max(...extents.map((extent) => extent.height)));
  const plane = width * height;
  const pixels = new Float32Array(3 * plane * parts.length);
  const labels = new Uint8Array(plane * parts.length).fill(VOID);
  parts.forEach((part, i) => {
    const { rgb, labels: truth, mean, scale } = part.sample;
    const { start, right, down } = strides(part);
    for (let y = 0; y < extents[i].height; y++) {
      for (let x = 0; x < extents[i].width; x++) {
        const from = start + y * down + x * right;
        const to = y * width + x;
        labels[i * plane + to] = truth[from];
        for (let c = 0; c < 3; c++) pixels[(3 * i + c) * plane + to] = (rgb[3 * from + c] - mean) * scale;
      }
    }
  });
  return { pixels, labels, shape: [parts.length, 3, height, width] };
}

function fours(extent: number): number {
  return 4 * Math.ceil(extent / 4);
}

// where in the sample the first pixel of a part lies, and how far its right and its lower neighbour are from any pixel
function strides({ sample, left, top, width, height, turn }: Part): { start: number; right: number; down: number } {
  const [mirrored, flipped] = [turn & 1, turn & 2];
  const start = (top + (flipped ? height - 1 : 0)) * sample.width + left + (mirrored ? width - 1 : 0);
  const right = mirrored ? -1 : 1;
  const down = flipped ? -sample.width : sample.width;
  return turn & 4 ? { start, right: down, down: right } : { start, right, down };
}
