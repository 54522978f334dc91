// Crops and turns of flat pictures, which move values and change none.

/** Pixels of a picture. */
export interface Box {
  readonly left: number;
  readonly upper: number;
  readonly width: number;
  readonly height: number;
}

/** The size of what is `width` x `height`, after `turn`. */
export function turnedSize({ width, height }: Pick<Box, "width" | "height">, turn: number): { width: number; height: number } {
  return turn & 4 ? { width: height, height: width } : { width, height };
}

/**
 * The values of the pixels in `box`, of a picture of `width` pixels a row, with `channels` values a pixel. Bit 0 of `turn` mirrors
 * them horizontally, bit 1 vertically; bit 2 then swaps rows and columns. Returns `values` themselves where nothing is to be moved.
 */
export function cut<T extends Uint8Array | Uint16Array>(values: T, channels: number, width: number, box: Box, turn = 0): T {
  const length = channels * box.width * box.height;
  if (turn === 0 && box.width === width && values.length === length) return values;
  const taken = new (values.constructor as Uint8ArrayConstructor)(length) as T;
  const to = turnedSize(box, turn);
  const { first, right, down } = walk(width, box, turn);
  for (let y = 0, at = 0; y < to.height; y++) {
    let from = channels * (first + y * down);
    if (right === 1) {
      taken.set(values.subarray(from, from + channels * to.width), at);
      at += channels * to.width;
      continue;
    }
    for (let x = 0; x < to.width; x++, from += channels * right) {
      for (let channel = 0; channel < channels; channel++) taken[at++] = values[from + channel];
    }
  }
  return taken;
}

// the index of the pixel that comes first, and the steps from a pixel to those that will be right of it and below it
function walk(rowLength: number, { left, upper, width, height }: Box, turn: number): { first: number; right: number; down: number } {
  const [mirrored, flipped] = [turn & 1, turn & 2];
  const first = (upper + (flipped ? height - 1 : 0)) * rowLength + left + (mirrored ? width - 1 : 0);
  const right = mirrored ? -1 : 1;
  const down = flipped ? -rowLength : rowLength;
  return turn & 4 ? { first, right: down, down: right } : { first, right, down };
}
