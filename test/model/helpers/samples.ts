// Pictures for the tests of src/model.

import type { Sample } from "../../../src/model/picture.js";
import { uniform } from "../../../src/random.js";

/** Random values and labels: `classes` classes, and now and then an ignored pixel. */
export function noiseSample(width: number, height: number, { channels = 3, seed = 1, white = 255, classes = 2 } = {}): Sample {
  const next = uniform(seed);
  const values = Array.from({ length: width * height * channels }, () => Math.floor((white + 1) * next()));
  const data = white > 255 ? Uint16Array.from(values) : Uint8Array.from(values);
  const labels = Uint8Array.from({ length: width * height }, () => (next() < 0.1 ? 255 : Math.floor(classes * next())));
  return { picture: { data, width, height, channels, white }, labels };
}

/** A picture of one value. */
export function plainSample(width: number, height: number, value: number, { channels = 3, white = 255 } = {}): Sample {
  const data = (white > 255 ? new Uint16Array(width * height * channels) : new Uint8Array(width * height * channels)).fill(value);
  return { picture: { data, width, height, channels, white }, labels: new Uint8Array(width * height).fill(1) };
}
