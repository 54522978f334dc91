// How good the overlay of `lovasz paint` is after so many seconds of training, in Node: 12 dabs of each class, of radius 5, on pictures of nuclei
// and on a texture, whose classes differ in grain only. `npm run bench -- paint`.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { decode } from "fast-png";
import { iou } from "lovasz";
import { Learner } from "../../build/learner.js";
import { dabs } from "../../test/helpers/dabs.mjs";
import { uniform } from "../random.mjs";

export const title =
  "What the overlay is worth while it learns from 12 dabs a class (with three: 60 dots): IoU of the foreground, or the mean of three";

/** Seconds of training at which the overlay is judged. */
const SECONDS = [2, 10, 40];
const SEEDS = [1, 2, 3];
/** A prediction without its mark for regions that are unsure. */
const LABEL = 127;

const nuclei = new URL("../../../shared/data/nuclei/val/", import.meta.url);

/** Rows: a picture, the seed of its dabs, the steps taken, and the IoU at each time. */
export async function* run() {
  for (const picture of pictures()) {
    for (const seed of SEEDS) {
      const labels = dabs(picture.truth, picture.width, uniform(seed), picture);
      const { ious, steps } = await learned(picture, labels);
      yield { picture: picture.name, seed, steps, ...Object.fromEntries(SECONDS.map((at, i) => [`${at} s`, ious[i].toFixed(3)])) };
    }
  }
}

function* pictures() {
  yield texture();
  if (!existsSync(nuclei)) {
    console.error(`left out: ${fileURLToPath(nuclei)} is missing`);
    return;
  }
  const names = readdirSync(new URL("images/", nuclei)).sort();
  const read = (folder, name) => decode(readFileSync(new URL(`${folder}/${name}`, nuclei)));
  for (const name of names.slice(0, 3)) {
    const { data, width, height, channels } = read("images", name);
    yield { name, data, width, height, channels, classes: 2, truth: read("masks", name).data.map((value) => (value > 0 ? 1 : 0)) };
  }
  // boundaries are a class of their own there, one pixel wide: dots instead of dabs
  const { data, width, height, channels } = read("images", names[0]);
  yield {
    name: `${names[0]}, 3 classes`,
    data,
    width,
    height,
    channels,
    classes: 3,
    radius: 0,
    count: 60,
    truth: read("classes", names[0]).data,
  };
}

// Discs of fine grain in coarse grain, of equal mean and contrast: no threshold tells them apart.
function texture() {
  const [extent, coarse] = [256, 4];
  const random = uniform(9);
  const values = () => Float32Array.from({ length: extent * extent }, () => random() - 0.5);
  const [fine, large] = [values(), values()];
  const middles = Array.from({ length: 14 }, () => [extent * random(), extent * random(), 14 + 16 * random()]);
  const truth = new Uint8Array(extent * extent);
  const data = new Uint8Array(extent * extent);
  for (let y = 0, i = 0; y < extent; y++) {
    for (let x = 0; x < extent; x++, i++) {
      truth[i] = middles.some(([a, b, radius]) => Math.hypot(x - a, y - b) < radius) ? 1 : 0;
      data[i] = 128 + 120 * (truth[i] ? fine[i] : large[extent * Math.floor(y / coarse) + Math.floor(x / coarse)]);
    }
  }
  return { name: "texture", data, width: extent, height: extent, channels: 1, classes: 2, truth };
}

/** Has a learner learn from `labels`, and judges its overlay at each time. */
async function learned({ data, width, height, channels, classes, truth }, labels) {
  const box = { left: 0, upper: 0, width, height };
  const ious = [];
  let overlay = null;
  let steps = 0;
  const learner = new Learner({
    decode: async () => ({ data, width, height, channels }),
    reply: (reply) => {
      if (reply.type === "overlay") overlay = reply.labels.map((label) => label & LABEL);
      if (reply.type !== "progress") return;
      ({ steps } = reply);
      const isOver = steps > 0 && !reply.learning;
      while (ious.length < SECONDS.length && (isOver || reply.seconds >= SECONDS[ious.length])) ious.push(score(overlay, truth, classes));
      if (ious.length === SECONDS.length) learner.end();
    },
  });
  learner.hear({ type: "classes", count: classes });
  learner.hear({ type: "open", picture: "picture", file: null });
  learner.hear({ type: "look", picture: "picture", box });
  learner.hear({ type: "paint", picture: "picture", box, labels });
  await learner.run();
  return { ious, steps };
}

function score(predicted, truth, classes) {
  const each = iou(predicted, truth, classes);
  return classes === 2 ? each[1] : each.reduce((sum, one) => sum + one, 0) / classes;
}
