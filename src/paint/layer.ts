// The colours over a picture: strokes, and what a network predicts, in tiles of canvases, of which only those that change are drawn anew.
import { type Box, HELD_OUT, UNPAINTED, UNSURE } from "./messages.js";
import { union } from "./strokes.js";

/** Red, green and blue, from 0 to 255. */
export type Colour = readonly [number, number, number];

const TILE = 256;
// how opaque: what is painted, what is predicted, and the hatching
const PAINTED = 235;
const PREDICTED = 110;
const HATCH = 190;
// lines of the hatching where the network is unsure
const PERIOD = 8;
const LINE = 1;

interface Tile {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
}

/** The colours of strokes and prediction of one picture. */
export class Layer {
  readonly #width: number;
  readonly #height: number;
  readonly #tiles = new Map<number, Tile>();
  readonly #columns: number;
  // for each label, RGBA as a little-endian word; 0 is transparent
  #painted = new Uint32Array(256);
  #predicted = new Uint32Array(256);
  #hatch = new Uint32Array(256);
  #dirty = new Map<number, Box>();

  constructor(width: number, height: number) {
    [this.#width, this.#height] = [width, height];
    this.#columns = Math.ceil(width / TILE);
  }

  /** Sets the colour of each class; the prediction of class 0, the background, has none. */
  colour(colours: readonly Colour[]): void {
    for (const [label, [red, green, blue]] of colours.entries()) {
      const rgb = red | (green << 8) | (blue << 16);
      const word = (alpha: number) => ((alpha << 24) | rgb) >>> 0;
      this.#painted[label] = this.#painted[label | HELD_OUT] = word(PAINTED);
      this.#predicted[label] = this.#predicted[label | UNSURE] = label === 0 ? 0 : word(PREDICTED);
      this.#hatch[label | UNSURE] = word(HATCH);
    }
    this.#painted[UNPAINTED] = 0;
    this.change({ left: 0, upper: 0, width: this.#width, height: this.#height });
  }

  /** Has `box` drawn anew. */
  change(box: Box): void {
    const [right, lower] = [box.left + box.width, box.upper + box.height];
    for (let y = Math.floor(box.upper / TILE); y * TILE < Math.min(lower, this.#height); y++) {
      for (let x = Math.floor(box.left / TILE); x * TILE < Math.min(right, this.#width); x++) {
        const [left, upper] = [Math.max(box.left, x * TILE), Math.max(box.upper, y * TILE)];
        const size = (start: number, end: number, tile: number, whole: number) => Math.min(end, (tile + 1) * TILE, whole) - start;
        const part = { left, upper, width: size(left, right, x, this.#width), height: size(upper, lower, y, this.#height) };
        const key = y * this.#columns + x;
        const before = this.#dirty.get(key);
        this.#dirty.set(key, before ? union(before, part) : part);
      }
    }
  }

  /** Draws the tiles that lie in `box`. `predicted` is null where there is no prediction. */
  draw(context: CanvasRenderingContext2D, box: Box, strokes: Uint8Array, predicted: Uint8Array | null, isShown: boolean): void {
    const [right, lower] = [box.left + box.width, box.upper + box.height];
    for (let y = Math.floor(box.upper / TILE); y * TILE < lower; y++) {
      for (let x = Math.floor(box.left / TILE); x * TILE < right; x++) {
        const key = y * this.#columns + x;
        const dirty = this.#dirty.get(key);
        if (dirty) {
          this.#write(this.#tileAt(key), dirty, strokes, isShown ? predicted : null);
          this.#dirty.delete(key);
        }
        const tile = this.#tiles.get(key);
        if (tile) context.drawImage(tile.canvas, x * TILE, y * TILE);
      }
    }
  }

  #tileAt(key: number): Tile {
    const known = this.#tiles.get(key);
    if (known) return known;
    const canvas = document.createElement("canvas");
    const [column, row] = [key % this.#columns, Math.floor(key / this.#columns)];
    canvas.width = Math.min(TILE, this.#width - column * TILE);
    canvas.height = Math.min(TILE, this.#height - row * TILE);
    const tile = { canvas, context: canvas.getContext("2d") as CanvasRenderingContext2D };
    this.#tiles.set(key, tile);
    return tile;
  }

  #write({ context }: Tile, { left, upper, width, height }: Box, strokes: Uint8Array, predicted: Uint8Array | null): void {
    const image = new ImageData(width, height);
    const words = new Uint32Array(image.data.buffer);
    for (let row = 0, to = 0; row < height; row++) {
      let from = (upper + row) * this.#width + left;
      for (let column = 0; column < width; column++, from++, to++) {
        const painted = this.#painted[strokes[from]];
        if (painted !== 0) words[to] = painted;
        else if (predicted) {
          const label = predicted[from];
          const isLine = label >= UNSURE && (left + column + upper + row) % PERIOD < LINE;
          words[to] = isLine ? this.#hatch[label] : this.#predicted[label];
        }
      }
    }
    context.putImageData(image, left % TILE, upper % TILE);
  }
}
