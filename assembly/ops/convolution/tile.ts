// The tile of a convolution that is being computed. It lies at the start of the scratch memory of a thread.

import { Convolution } from "./convolution";

// @ts-ignore: decorator
@unmanaged
export class Tile {
  image: u32 = 0;
  group: u32 = 0;
  /** Its first window, and how many there are. */
  row: u32 = 0;
  column: u32 = 0;
  rows: u32 = 0;
  columns: u32 = 0;
  /** Room for its pixels with their padding (pad.ts), and the first pixel to read, there or in the source. */
  padded: usize = 0;
  input: usize = 0;
  /** Room for the results of scatter.ts, before their phases are spread. */
  result: usize = 0;
  /** The float64 sums of weightGradient.ts that it adds to. */
  sums: usize = 0;
  /** Where its results go, or its upstream gradients come from, and the bytes from channel to channel and from row to row. */
  out: usize = 0;
  outPlane: usize = 0;
  outPitch: usize = 0;

  /** Bytes of a row. */
  // @ts-ignore: decorator
  @inline
  get rowBytes(): usize {
    return (this.columns as usize) << 2;
  }
}

/** Bytes of a `Tile`, of whole vectors. */
export const TILE_STRUCT: usize = 64;

/** Makes `t` tile number `index`: of all columns, rows, groups and images, in this order. */
export function placeTile(c: Convolution, t: Tile, index: u32): void {
  t.column = (index % c.tilesAcross) * c.tileColumns;
  index /= c.tilesAcross;
  t.row = (index % c.tilesDown) * c.tileRows;
  index /= c.tilesDown;
  t.group = index % c.groups;
  t.image = index / c.groups;
  t.rows = min(c.tileRows, c.windowRows - t.row);
  t.columns = min(c.tileColumns, c.windowColumns - t.column);
}

/** The first pixel of the source in the group of the tile. */
export function sourceOfGroup(c: Convolution, t: Tile): usize {
  const planes = ((t.image * c.groups + t.group) * c.channels) as usize;
  return c.source + ((planes * (c.height as usize) * (c.width as usize)) << 2);
}

/** The first pixel of the target in the group of the tile. */
export function targetOfGroup(c: Convolution, t: Tile): usize {
  const planes = ((t.image * c.groups + t.group) * c.targetChannels) as usize;
  return c.target + ((planes * (c.targetHeight as usize) * (c.targetWidth as usize)) << 2);
}
