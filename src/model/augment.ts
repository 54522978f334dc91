import { choice, integer, knownOptions } from "../options.js";
import { blur } from "./blur.js";
import { cutSample } from "./crop.js";
import type { Box } from "./cut.js";
import { readSample, type Sample, type SampleLike } from "./picture.js";
import { resample } from "./resample.js";
import { stream } from "./shuffle.js";
import { type Tone, toned } from "./tone.js";

/** What `augment` does: see there. */
export type Augmentation = "none" | "turns" | "full";

/** Options of `augment`. */
export interface AugmentOptions {
  /** The seed of what happens. Default 0. */
  seed?: number;
}

export const AUGMENTATIONS: readonly Augmentation[] = ["none", "turns", "full"];

/**
 * `sample` as it might have looked: a new picture and its labels. Equal seeds give equal results.
 *
 * - `"none"`: as it is.
 * - `"turns"`: in one of eight orientations, rotated by quarters and mirrored, all as likely. These move pixels and change none.
 * - `"full"`: turns, and each of these in half of all cases: scaled by 0.7 to 1.4, at a random position; brightness and contrast by
 *   factors from 0.75 to 1.25; a gamma from 0.7 to 1.5; a Gaussian blur with a deviation of 0.5 to 1 pixels. The size stays that of the
 *   turned picture.
 *
 * Labels follow by nearest neighbour, at the points where the picture is interpolated bilinearly. What lies outside the picture gets
 * its mean colour and the label IGNORED. Alpha is moved with the pixels and otherwise left alone. Where nothing changes, the result
 * may share the arrays of `sample`.
 *
 * Source: the ranges are those of Isensee et al., "nnU-Net: a self-configuring method for deep learning-based biomedical image
 * segmentation" (2021), and its code.
 *
 * Throws `LovaszError` "data", "label" or "option".
 *
 * @example
 * ```js
 * import { augment } from "lovasz/model";
 *
 * const picture = { data: Uint8Array.of(10, 20, 30, 40), width: 2, height: 2, channels: 1 };
 * const turned = augment({ picture, labels: Uint8Array.of(1, 2, 3, 4) }, "turns", { seed: 5 });
 * console.log(turned.picture.data.join(), turned.labels.join()); // 10,30,20,40 1,3,2,4
 * ```
 */
export function augment(sample: SampleLike, how: Augmentation, options: AugmentOptions = {}): Sample {
  const call = "augment(sample, how, options)";
  const own = readSample(call, "sample", sample);
  const chosen = choice(call, "how", how ?? null, AUGMENTATIONS, "none");
  knownOptions(call, options, ["seed"]);
  const { width, height } = own.picture;
  return changed(own, { left: 0, upper: 0, width, height }, drawn(chosen, stream(integer(call, "seed", options.seed, 0))));
}

/** What happens to one sample. */
export interface Change {
  readonly turn: number;
  /** The factor on the size of what is seen, and the position of what is shown then, from 0 to 1 each way. */
  readonly scale: number;
  readonly x: number;
  readonly y: number;
  readonly tone: Tone;
  /** The deviation of the blur in pixels; 0 for none. */
  readonly sigma: number;
}

const UNCHANGED: Change = { turn: 0, scale: 1, x: 0, y: 0, tone: { brightness: 1, contrast: 1, gamma: 1 }, sigma: 0 };

/** What happens to the next sample. */
export function drawn(how: Augmentation, random: () => number): Change {
  if (how === "none") return UNCHANGED;
  const turn = Math.floor(8 * random());
  if (how === "turns") return { ...UNCHANGED, turn };
  // both numbers are drawn in any case, so that what comes later does not depend on it
  const sometimes = (least: number, most: number, otherwise: number) => {
    const [happens, share] = [random() < 0.5, random()];
    return happens ? least + share * (most - least) : otherwise;
  };
  // evenly by its logarithm: 0.7 to 1 as likely as 1 to 1 / 0.7
  const doublings = sometimes(0, 1, -1);
  const scale = doublings < 0 ? 1 : 0.7 * 2 ** doublings;
  const [x, y] = [random(), random()];
  const tone = { brightness: sometimes(0.75, 1.25, 1), contrast: sometimes(0.75, 1.25, 1), gamma: sometimes(0.7, 1.5, 1) };
  return { turn, scale, x, y, tone, sigma: sometimes(0.5, 1, 0) };
}

/** What `box` of `sample` becomes by `change`. Where it is scaled down, what lies around the box is seen, too. */
export function changed(sample: Sample, box: Box, { turn, scale, x, y, tone, sigma }: Change): Sample {
  const { width, height } = box;
  const isScaled = scale !== 1;
  const seen = { width: width / scale, height: height / scale };
  const window = { left: box.left + x * (width - seen.width), upper: box.upper + y * (height - seen.height), ...seen };
  const part = isScaled ? resample(sample, window, width, height) : sample;
  const { picture, labels } = cutSample(part, isScaled ? { left: 0, upper: 0, width, height } : box, turn);
  const blurred = sigma > 0 ? blur(picture, sigma) : picture;
  const isToned = tone.brightness !== 1 || tone.contrast !== 1 || tone.gamma !== 1;
  return { picture: isToned ? toned(blurred, tone) : blurred, labels };
}
