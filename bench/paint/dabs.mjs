// Dabs of the brush for the benches of the page: discs of one class, drawn from the truth.
import { readdirSync, readFileSync } from "node:fs";
import { decode } from "fast-png";
import { uniform } from "../random.mjs";

const folder = new URL("../../../shared/data/nuclei/val/", import.meta.url);

/** The first `count` pictures by name of shared/data/nuclei/val: { name, path, width, height, picture, truth }. */
export function pictures(count) {
  const names = readdirSync(new URL("images/", folder)).sort().slice(0, count);
  return names.map((name) => {
    const path = new URL(`images/${name}`, folder);
    const picture = decode(readFileSync(path));
    const mask = decode(readFileSync(new URL(`masks/${name}`, folder)));
    const truth = Uint8Array.from({ length: mask.width * mask.height }, (_, i) => Number(mask.data[i * mask.channels] > 0));
    return { name, path, width: mask.width, height: mask.height, picture, truth };
  });
}

/** `each` discs of `radius` pixels in each class, at random places of `seed` where they lie in it as a whole: [{ x, y, label }], centres. */
export function dabs({ width, height, truth }, { seed, each = 12, radius = 5 }) {
  const random = uniform(seed);
  return [1, 0].flatMap((label) => {
    const places = [];
    for (let y = radius; y < height - radius; y++) {
      for (let x = radius; x < width - radius; x++) if (isWhole(truth, width, x, y, radius, label)) places.push({ x, y, label });
    }
    return Array.from({ length: each }, () => places[Math.floor(random() * places.length)]);
  });
}

function isWhole(truth, width, x, y, radius, label) {
  for (let dy = -radius; dy <= radius; dy++) {
    for (let dx = -radius; dx <= radius; dx++) {
      if (dx * dx + dy * dy <= radius * radius && truth[(y + dy) * width + x + dx] !== label) return false;
    }
  }
  return true;
}

/** Intersection over union of two masks of 0 and 1. */
export function iou(predicted, truth) {
  let [intersection, union] = [0, 0];
  predicted.forEach((one, i) => {
    intersection += one & truth[i];
    union += one | truth[i];
  });
  return intersection / union;
}
