// Draws what the network learns from: crops around painted pixels, most of them mixed of two classes.
import type { Batch } from "../../model/batch.js";
import { type Crop, cropOf } from "./crop.js";
import { drawBorder, mixInto } from "./mix.js";
import type { Painted } from "./Painted.js";

/** The share of crops that are mixed. */
const MIXED = 0.8;

/** The classes below `count` that are painted in `pictures`, outside strokes that are held out. */
export function paintedClasses(pictures: readonly Painted[], count: number): number[] {
  return Array.from({ length: count }, (_, one) => one).filter((one) => pictures.some((painted) => painted.has(one)));
}

/** Draws batches, with random numbers of its own, so that equal strokes and seeds give equal batches. */
export class Drawing {
  readonly #random: () => number;
  #next = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  /**
   * `count` crops of `extent` pixels each way, around pixels of each of `classes`, at least two, in turn. They have to be painted in
   * `pictures`, and be all painted ones below `limit`.
   */
  batch(pictures: readonly Painted[], classes: readonly number[], limit: number, count: number, extent: number): Batch {
    const plane = extent * extent;
    const pixels = new Float32Array(3 * plane * count);
    const labels = new Uint8Array(plane * count);
    for (let i = 0; i < count; i++) {
      const crop = this.#crop(pictures, classes, limit, extent);
      pixels.set(crop.planes, 3 * i * plane);
      labels.set(crop.labels, i * plane);
    }
    return { pixels, labels, shape: [count, 3, extent, extent] };
  }

  #crop(pictures: readonly Painted[], classes: readonly number[], limit: number, extent: number): Crop {
    const random = this.#random;
    const first = this.#next++ % classes.length;
    const [x, y] = [0, 1].map(() => Math.floor(extent * (0.2 + 0.6 * random())));
    const around = (one: number) => {
      const { painted, at } = pixelOf(pictures, one, random);
      return cropOf(painted, limit, extent, { at, x, y, turn: Math.floor(8 * random()) });
    };
    const crop = around(classes[first]);
    if (random() >= MIXED) return crop;
    const other = (first + 1 + Math.floor((classes.length - 1) * random())) % classes.length;
    mixInto(crop, around(classes[other]), drawBorder(random, x, y));
    return crop;
  }
}

// a pixel of class `one`: each cell that has some, of any picture, is as likely
function pixelOf(pictures: readonly Painted[], one: number, random: () => number): { painted: Painted; at: number } {
  const total = pictures.reduce((sum, painted) => sum + painted.cellsOf(one).length, 0);
  let left = Math.floor(total * random());
  for (const painted of pictures) {
    const cells = painted.cellsOf(one);
    if (left < cells.length) return { painted, at: painted.pixelIn(cells[left], one, random) };
    left -= cells.length;
  }
  throw new Error(`class ${one} is painted nowhere`);
}
