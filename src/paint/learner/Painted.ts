import type { Pixels } from "../../model/pixels.js";
import { HELD_OUT, type Part, UNPAINTED } from "../messages.js";
import { removeClass } from "../strokes.js";

/** The extent of a cell, in pixels: a stroke takes part by the cells that it crosses, so that a filled region does not outweigh it. */
export const CELL = 16;

/** A picture, and what is painted on it. Its pixels are drawn by cells, evenly over all cells in which a class is painted. */
export class Painted {
  readonly width: number;
  readonly height: number;
  /** As the network reads the picture. */
  pixels: Pixels;
  /** The label of each pixel, row by row: a class, UNPAINTED, or a class and HELD_OUT. */
  readonly labels: Uint8Array;
  /** How many pixels are held out. */
  heldOut = 0;
  readonly #columns: number;
  /** By class, how many pixels of it are to be trained on in each cell; absent where there are none. */
  readonly #counts = new Map<number, Uint16Array>();
  /** By class, the cells that have some: derived from the counts when it is asked for. */
  readonly #cells = new Map<number, Int32Array>();

  constructor(pixels: Pixels) {
    this.pixels = pixels;
    this.width = pixels.width;
    this.height = pixels.height;
    this.labels = new Uint8Array(this.width * this.height).fill(UNPAINTED);
    this.#columns = Math.ceil(this.width / CELL);
  }

  /** Writes the labels of a box. Throws a RangeError where it does not lie in the picture. */
  paint({ box, labels }: Part): void {
    const { left, upper, width, height } = box;
    const fits =
      [left, upper].every((at) => Number.isInteger(at) && at >= 0) && left + width <= this.width && upper + height <= this.height;
    if (!fits || labels.length !== width * height) {
      const came = `${labels.length} labels for ${width} x ${height} pixels at column ${left}, row ${upper}`;
      throw new RangeError(`paint: ${came}, but the picture has ${this.width} x ${this.height}`);
    }
    for (let y = 0, from = 0; y < height; y++) {
      let to = (upper + y) * this.width + left;
      for (let x = 0; x < width; x++, from++, to++) {
        if (this.labels[to] === labels[from]) continue;
        this.#count(to, -1);
        this.labels[to] = labels[from];
        this.#count(to, 1);
      }
    }
  }

  /** Forgets class `removed`: its strokes become unpainted, and the classes after it move down by one. */
  remove(removed: number): void {
    const { width, height } = this;
    const labels = this.labels.slice();
    removeClass(labels, removed);
    this.paint({ box: { left: 0, upper: 0, width, height }, labels });
  }

  /** Whether there are pixels of class `one` to be trained on. */
  has(one: number): boolean {
    return this.cellsOf(one).length > 0;
  }

  /** The cells, row by row, in which pixels of class `one` are to be trained on. */
  cellsOf(one: number): Int32Array {
    const known = this.#cells.get(one);
    if (known) return known;
    const counts = this.#counts.get(one) ?? [];
    const cells: number[] = [];
    for (let cell = 0; cell < counts.length; cell++) if (counts[cell] > 0) cells.push(cell);
    const found = Int32Array.from(cells);
    this.#cells.set(one, found);
    return found;
  }

  /** A pixel of class `one` in `cell`, which has some: each is as likely. */
  pixelIn(cell: number, one: number, random: () => number): number {
    let left = Math.floor(random() * (this.#counts.get(one) as Uint16Array)[cell]);
    const [column, row] = [CELL * (cell % this.#columns), CELL * Math.floor(cell / this.#columns)];
    const [right, lower] = [Math.min(this.width, column + CELL), Math.min(this.height, row + CELL)];
    for (let y = row; y < lower; y++) {
      for (let at = y * this.width + column; at < y * this.width + right; at++) if (this.labels[at] === one && left-- === 0) return at;
    }
    throw new Error(`cell ${cell} has no pixel of class ${one}`);
  }

  // counts or forgets the label of pixel `at`
  #count(at: number, by: 1 | -1): void {
    const label = this.labels[at];
    if (label === UNPAINTED) return;
    if (label & HELD_OUT) {
      this.heldOut += by;
      return;
    }
    const y = Math.floor(at / this.width);
    const cell = Math.floor(y / CELL) * this.#columns + Math.floor((at - y * this.width) / CELL);
    const counts = this.#counts.get(label) ?? new Uint16Array(this.#columns * Math.ceil(this.height / CELL));
    this.#counts.set(label, counts);
    counts[cell] += by;
    // a cell comes or goes
    if (counts[cell] === (by > 0 ? 1 : 0)) this.#cells.delete(label);
  }
}
