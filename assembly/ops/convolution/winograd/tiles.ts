// The tiles of a block: where each of them reads and writes.

import { Convolution } from "../convolution";

/** A tile of a block, in the first channel of its group. */
// @ts-ignore: decorator
@unmanaged
export class Entry {
  /** The first of 6 x 6 pixels of the source, and the row and column where it stands; outside where padding is read. */
  source: usize = 0;
  y: i32 = 0;
  x: i32 = 0;
  /** Whether all of its pixels lie in the source. */
  isInner: bool = false;
  /** The first of its windows in the target, and how many there are: 4 x 4, or fewer at the edges. */
  target: usize = 0;
  rows: u32 = 0;
  columns: u32 = 0;
}

/** Bytes of an `Entry`, of whole vectors. */
export const ENTRY: usize = 32;

/**
 * Describes the tiles of `block` of `group` at `entries`, and returns how many there are: first those whose pixels all lie in the source, so that
 * vectors of four tiles rarely need a copy. Entries up to a multiple of eight repeat the last, without windows.
 */
export function describeTiles(c: Convolution, group: u32, block: u32, entries: usize): u32 {
  const perImage = c.tilesDown * c.tilesAcross;
  const first = block * c.blockTiles;
  const count = min(c.blockTiles, c.batch * perImage - first);
  let inner: u32 = 0;
  let outer = count - 1;
  let image = first / perImage;
  let row = (first % perImage) / c.tilesAcross;
  let column = first % c.tilesAcross;
  for (let i: u32 = 0; i < count; i++) {
    const y = ((row << 2) as i32) - c.top;
    const x = ((column << 2) as i32) - c.left;
    const isInner = y >= 0 && x >= 0 && y + 6 <= c.height && x + 6 <= c.width;
    const entry = changetype<Entry>(entries + ENTRY * ((isInner ? inner++ : outer--) as usize));
    entry.isInner = isInner;
    place(c, entry, image * c.groups + group, row << 2, column << 2);
    if (++column < c.tilesAcross) continue;
    column = 0;
    if (++row < c.tilesDown) continue;
    row = 0;
    image++;
  }
  const last = entries + ENTRY * ((count - 1) as usize);
  for (let i = count; i < ((count + 7) & ~7); i++) {
    const entry = entries + ENTRY * (i as usize);
    memory.copy(entry, last, ENTRY);
    changetype<Entry>(entry).rows = 0;
  }
  return count;
}

function place(c: Convolution, entry: Entry, image: u32, row: u32, column: u32): void {
  const source = (image * c.channels * ((c.height * c.width) as u32)) as usize;
  const target = (image * c.targetChannels * c.targetHeight * c.targetWidth + row * c.targetWidth + column) as usize;
  entry.y = (row as i32) - c.top;
  entry.x = (column as i32) - c.left;
  entry.source = c.source + ((source + ((entry.y * c.width + entry.x) as usize)) << 2);
  entry.target = c.target + (target << 2);
  entry.rows = min<u32>(4, c.windowRows - row);
  entry.columns = min<u32>(4, c.windowColumns - column);
}

/**
 * Copies the 6 x 6 pixels of a tile, `offset` bytes further in the source, to `out`, rows of eight; with zeros outside. What is frequent, tiles that
 * lack no column, or the first or last, is written in whole vectors: a processor waits where a vector is read that was written in pieces.
 */
export function copyTile(c: Convolution, entry: Entry, offset: usize, out: usize): void {
  const from = min(6, max(0, -entry.x));
  const to = max(from, min(6, c.width - entry.x));
  const pitch = (c.width as usize) << 2;
  const top = (min(6, max(0, -entry.y)) as usize) << 5;
  const bottom = out + ((min(6, max(0, c.height - entry.y)) as usize) << 5);
  const end = out + 192;
  let row = entry.source + offset + pitch * (top >> 5);
  out = clearRows(out, out + top);
  if (from == 0 && to == 6) {
    for (; out < bottom; out += 32, row += pitch) {
      v128.store(out, v128.load(row));
      store<u64>(out, load<u64>(row, 16), 16);
    }
  } else if (from == 0 && to == 5) {
    for (; out < bottom; out += 32, row += pitch) {
      v128.store(out, v128.load(row));
      store<u64>(out, load<u32>(row, 16) as u64, 16);
    }
  } else if (from == 1 && to == 6) {
    for (; out < bottom; out += 32, row += pitch) {
      v128.store(out, v128.shuffle<f32>(i32x4.splat(0), v128.load(row, 4), 0, 4, 5, 6));
      store<u64>(out, load<u64>(row, 16), 16);
    }
  } else {
    for (; out < bottom; out += 32, row += pitch) {
      clearRows(out, out + 32);
      for (let x = from; x < to; x++) store<f32>(out + (x << 2), load<f32>(row + (x << 2)));
    }
  }
  clearRows(out, end);
}

function clearRows(out: usize, end: usize): usize {
  for (; out < end; out += 32) {
    v128.store(out, i32x4.splat(0));
    store<u64>(out, 0, 16);
  }
  return out;
}

/** Copies the windows that a tile has from `from`, rows `fromPitch` bytes apart, to `to`. */
export function copyWindows(entry: Entry, from: usize, fromPitch: usize, to: usize, toPitch: usize): void {
  const bytes = entry.columns << 2;
  for (let row: u32 = 0; row < entry.rows; row++, from += fromPitch, to += toPitch) {
    if (bytes == 16) v128.store(to, v128.load(from));
    else for (let x: usize = 0; x < bytes; x += 4) store<f32>(to + x, load<f32>(from + x));
  }
}
