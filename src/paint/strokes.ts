// The strokes on a picture: a label for each pixel, and how the brush changes them.
import { type Box, HELD_OUT, type Part, UNPAINTED } from "./messages.js";

/** What one stroke changed, so that it can be undone: pixels, what they were, and what they became. */
export interface Change {
  readonly at: Uint32Array;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  /** The rectangle that holds them. */
  readonly box: Box;
}

/** The labels of a picture's strokes, row by row: a class, with HELD_OUT where it is kept back from training, or UNPAINTED. */
export interface Strokes {
  readonly width: number;
  readonly height: number;
  readonly labels: Uint8Array;
}

/** No strokes. */
export const unpainted = (width: number, height: number): Strokes => ({
  width,
  height,
  labels: new Uint8Array(width * height).fill(UNPAINTED),
});

/** The class of a stroke's label; UNPAINTED where there is none. */
export const classOf = (label: number): number => (label === UNPAINTED ? UNPAINTED : label & ~HELD_OUT);

/** A stroke while it is drawn. Coordinates are pixels; the pixel in column x reaches from x to x + 1. */
export class Stroke {
  readonly #strokes: Strokes;
  readonly #label: number;
  // a stroke has one label, so it changes each pixel at most once
  readonly #at: number[] = [];
  readonly #before: number[] = [];
  #box: Box | null = null;
  #last: { x: number; y: number } | null = null;

  constructor(strokes: Strokes, label: number) {
    this.#strokes = strokes;
    this.#label = label;
  }

  /** Draws on to (x, y): all pixels whose centre is within `radius` of the line. Returns the rectangle that may have changed. */
  lineTo(x: number, y: number, radius: number): Box | null {
    const from = this.#last ?? { x, y };
    this.#last = { x, y };
    const { width, height } = this.#strokes;
    // the pixel under the brush is painted, however small the brush
    const reach = Math.max(radius, 0.71);
    const left = Math.max(0, Math.floor(Math.min(from.x, x) - reach));
    const upper = Math.max(0, Math.floor(Math.min(from.y, y) - reach));
    const right = Math.min(width, Math.ceil(Math.max(from.x, x) + reach));
    const lower = Math.min(height, Math.ceil(Math.max(from.y, y) + reach));
    if (left >= right || upper >= lower) return null;
    const [dx, dy] = [x - from.x, y - from.y];
    const length = dx * dx + dy * dy;
    for (let row = upper; row < lower; row++) {
      for (let column = left; column < right; column++) {
        const [px, py] = [column + 0.5 - from.x, row + 0.5 - from.y];
        const along = length === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length));
        if (Math.hypot(px - along * dx, py - along * dy) <= reach) this.#set(row * width + column);
      }
    }
    return this.#joined({ left, upper, width: right - left, height: lower - upper });
  }

  /** Paints the pixels `at`. */
  fill(at: Iterable<number>, box: Box): Box {
    for (const i of at) this.#set(i);
    return this.#joined(box);
  }

  /** What it changed; null if nothing. */
  end(): Change | null {
    if (this.#at.length === 0) return null;
    return {
      at: Uint32Array.from(this.#at),
      before: Uint8Array.from(this.#before),
      after: new Uint8Array(this.#at.length).fill(this.#label),
      box: this.#box as Box,
    };
  }

  #set(i: number): void {
    const { labels } = this.#strokes;
    if (labels[i] === this.#label) return;
    this.#at.push(i);
    this.#before.push(labels[i]);
    labels[i] = this.#label;
  }

  #joined(box: Box): Box {
    this.#box = this.#box ? union(this.#box, box) : box;
    return box;
  }
}

/** The smallest rectangle that holds both. */
export function union(a: Box, b: Box): Box {
  const [left, upper] = [Math.min(a.left, b.left), Math.min(a.upper, b.upper)];
  const right = Math.max(a.left + a.width, b.left + b.width);
  const lower = Math.max(a.upper + a.height, b.upper + b.height);
  return { left, upper, width: right - left, height: lower - upper };
}

/** Takes `change` back. */
export function undo({ labels }: Strokes, { at, before }: Change): void {
  at.forEach((i, k) => {
    labels[i] = before[k];
  });
}

/** Makes `change` again. */
export function redo({ labels }: Strokes, { at, after }: Change): void {
  at.forEach((i, k) => {
    labels[i] = after[k];
  });
}

/** Takes the strokes of a class out of `labels`; the classes after it move down by one. */
export function removeClass(labels: Uint8Array, label: number): void {
  for (let i = 0; i < labels.length; i++) {
    const one = classOf(labels[i]);
    if (one === UNPAINTED || one < label) continue;
    labels[i] = one === label ? UNPAINTED : labels[i] - 1;
  }
}

/** A copy of the labels in `box`. */
export function partOf({ width, labels }: Strokes, box: Box): Part {
  const part = new Uint8Array(box.width * box.height);
  for (let row = 0; row < box.height; row++) {
    const start = (box.upper + row) * width + box.left;
    part.set(labels.subarray(start, start + box.width), row * box.width);
  }
  return { box, labels: part };
}

/** Writes `part` into the rows of a picture of `width` pixels a row. */
export function putPart(into: Uint8Array, width: number, { box, labels }: Part): void {
  for (let row = 0; row < box.height; row++) {
    into.set(labels.subarray(row * box.width, (row + 1) * box.width), (box.upper + row) * width + box.left);
  }
}
