import { finite, integer, knownOptions } from "../options.js";
import { type Box, cut, turnedSize } from "./cut.js";
import { IGNORED } from "./ignored.js";
import { readSample, type Sample, type SampleLike } from "./picture.js";
import { stream } from "./shuffle.js";

/** Options of `crop`. */
export interface CropOptions {
  /** The crop is at most so many pixels wide and high. Default 512. */
  extent?: number;
  /** The share of crops, from 0 to 1, that are made to hold foreground. Default 0: all positions are as likely. */
  foreground?: number;
  /** The seed of the position. Default 0. */
  seed?: number;
}

/** How `fit` crops. */
export type Cropping = Required<Omit<CropOptions, "seed">>;

/**
 * A crop of `sample` at a random position; the whole sample where it is no larger than `extent`. With probability `foreground` the
 * crop is centred, as far as the borders allow, on a random pixel of a random class: one of those that the labels have, other than 0.
 * So rare classes are seen as often as frequent ones. Labels without foreground are cropped anywhere. Equal seeds give equal crops.
 *
 * Source: Isensee et al., "nnU-Net: a self-configuring method for deep learning-based biomedical image segmentation" (2021), which
 * takes a third of its crops in this way.
 *
 * Throws `LovaszError` "data", "label" or "option".
 *
 * @example
 * ```js
 * import { crop } from "lovasz/model";
 *
 * const labels = new Uint8Array(100 * 80);
 * labels[60 * 100 + 70] = 1; // one pixel of foreground, at (70, 60)
 * const picture = { data: new Uint8Array(3 * 100 * 80), width: 100, height: 80, channels: 3 };
 * const cropped = crop({ picture, labels }, { extent: 16, foreground: 1, seed: 7 });
 * console.log(cropped.picture.width, cropped.picture.height, cropped.labels.indexOf(1)); // 16 16 136
 * ```
 */
export function crop(sample: SampleLike, options: CropOptions = {}): Sample {
  const call = "crop(sample, options)";
  const own = readSample(call, "sample", sample);
  knownOptions(call, options, ["extent", "foreground", "seed"]);
  const cropping = readCropping(call, options);
  return cutSample(own, boxOf(own, cropping, stream(integer(call, "seed", options.seed, 0))));
}

/** `options` after checking them. */
export function readCropping(call: string, { extent, foreground }: CropOptions): Cropping {
  return { extent: integer(call, "extent", extent, 512, 1), foreground: finite(call, "foreground", foreground, 0, 0, 1) };
}

/** Where a crop of `sample` lies. */
export function boxOf({ picture, labels }: Sample, { extent, foreground }: Cropping, random: () => number): Box {
  const width = Math.min(picture.width, extent);
  const height = Math.min(picture.height, extent);
  const centre = foreground > 0 && random() < foreground ? foregroundPixel(labels, random) : null;
  if (centre === null) {
    const left = Math.floor(random() * (picture.width - width + 1));
    return { left, upper: Math.floor(random() * (picture.height - height + 1)), width, height };
  }
  const around = (at: number, size: number, whole: number) => Math.max(0, Math.min(at - (size >> 1), whole - size));
  const [x, y] = [centre % picture.width, Math.floor(centre / picture.width)];
  return { left: around(x, width, picture.width), upper: around(y, height, picture.height), width, height };
}

/** The pixels in `box`, turned as in `cut`. */
export function cutSample({ picture, labels }: Sample, box: Box, turn = 0): Sample {
  const { data, channels, width } = picture;
  const size = turnedSize(box, turn);
  return { picture: { ...picture, ...size, data: cut(data, channels, width, box, turn) }, labels: cut(labels, 1, width, box, turn) };
}

// the index of a random pixel of a random class other than 0, or null where there is none
function foregroundPixel(labels: Uint8Array, random: () => number): number | null {
  const counts = new Uint32Array(256);
  for (let i = 0; i < labels.length; i++) counts[labels[i]]++;
  const classes = [...counts.keys()].filter((one) => one > 0 && one < IGNORED && counts[one] > 0);
  if (classes.length === 0) return null;
  const chosen = classes[Math.floor(random() * classes.length)];
  let left = Math.floor(random() * counts[chosen]);
  for (let i = 0; ; i++) if (labels[i] === chosen && left-- === 0) return i;
}
