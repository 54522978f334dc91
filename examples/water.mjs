// What the examples share: finding the rare water in satellite tiles, from what a pixel and its surroundings look like.
// Read it for how the numbers come about; the trainers stand in the files beside this one.
import { iouBinary } from "lovasz";
// the tiles of `lovasz train --example`, as built by `npm run build`
import { readExample } from "../build/example.js";

/** The label of pixels that count in nothing: shores, and rivers too thin for a pixel. */
export const VOID = 255;
/** How many numbers describe a pixel. */
export const FEATURES = 12;
export const SIDE = 64;

let read;

/**
 * Tiles for training and for validation, from different halves of the earth: `features` [64, 64, 12] (a pixel's colour, the
 * mean over 3 x 3 and 9 x 9 pixels, and the deviation over 9 x 9) and `labels` [64, 64], 1 for water, 0 for land, or VOID.
 */
export function readWater() {
  read ??= readExample({ apart: SIDE }).then(({ training, validation }) => ({
    training: training.map(describePixels),
    validation: validation.map(describePixels),
  }));
  return read;
}

function describePixels({ rgb, labels, mean, scale }) {
  const colour = Float32Array.from(rgb, (value, i) => (value - mean[i % 3]) * scale[i % 3]);
  const squares = colour.map((value) => value * value);
  const [near, wide, wideSquares] = [box(colour, 1), box(colour, 4), box(squares, 4)];
  const features = new Float32Array(SIDE * SIDE * FEATURES);
  for (let pixel = 0; pixel < SIDE * SIDE; pixel++) {
    for (let c = 0; c < 3; c++) {
      const [from, to] = [3 * pixel + c, FEATURES * pixel + c];
      features[to] = colour[from];
      features[to + 3] = near[from];
      features[to + 6] = wide[from];
      features[to + 9] = 2 * Math.sqrt(Math.max(0, wideSquares[from] - wide[from] ** 2));
    }
  }
  return { features, labels };
}

/** The mean over each pixel's neighbours at most `reach` away, [64, 64, 3]. */
function box(values, reach) {
  const along = (input, step, place) =>
    input.map((_, i) => {
      const at = place(Math.floor(i / 3));
      const [first, last] = [Math.max(-reach, -at), Math.min(reach, SIDE - 1 - at)];
      let sum = 0;
      for (let by = first; by <= last; by++) sum += input[i + 3 * step * by];
      return sum / (last - first + 1);
    });
  const rows = along(values, 1, (pixel) => pixel % SIDE);
  return along(rows, SIDE, (pixel) => Math.floor(pixel / SIDE));
}

/** The pixels of `tiles` that are not void: `features` [P, 12] and `labels` [P]. Every `step`-th of them. */
export function pixelsOf(tiles, step = 1) {
  const picked = tiles.flatMap(({ features, labels }) =>
    Array.from(labels.keys())
      .filter((i) => labels[i] !== VOID)
      .filter((_, i) => i % step === 0)
      .map((i) => ({ row: features.subarray(FEATURES * i, FEATURES * (i + 1)), label: labels[i] })),
  );
  const features = new Float32Array(picked.length * FEATURES);
  for (const [i, { row }] of picked.entries()) features.set(row, i * FEATURES);
  return { features, labels: Uint8Array.from(picked, ({ label }) => label) };
}

/** The IoU of water where `logits` are positive, over all pixels together. */
export function waterIoU(logits, labels) {
  return iouBinary(
    Uint8Array.from(logits, (x) => Number(x > 0)),
    labels,
    { ignore: VOID },
  );
}

/** Numbers in [0, 1) that are the same in every run: a linear congruential sequence. */
export function uniform(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Steps a second of each of `steps`, interleaved, so that a busy machine slows them alike: the median of `rounds`. */
export async function stepsPerSecond(steps, rounds = 5) {
  const times = Object.fromEntries(Object.keys(steps).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, step] of Object.entries(steps)) {
      const start = performance.now();
      await step();
      // the first round warms up
      if (round > 0) times[name].push(performance.now() - start);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, 1000 / all.sort((a, b) => a - b)[rounds >> 1]]));
}

/** Prints the result of an example. */
export function print(title, { ious, speeds }) {
  console.log(title);
  for (const [loss, iou] of Object.entries(ious)) console.log(`  IoU of water in the other half of the earth, ${loss}: ${iou.toFixed(3)}`);
  for (const [loss, speed] of Object.entries(speeds)) console.log(`  steps a second, ${loss}: ${speed.toFixed(1)}`);
}

/** Whether `url` is the program that was started, and not imported. */
export const isMain = (url) => process.argv[1] !== undefined && import.meta.resolve(`file://${process.argv[1]}`) === url;
