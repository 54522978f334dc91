// The convolution, or the gradient of its input, of blocks of tiles: transformed pixels V[tiles / 8, 36, channels, 8], products with the
// weights for four channels of eight tiles at a time, transformed back at once.

import { Convolution } from "../convolution";
import { multiplyPlanes } from "./multiplyPlanes";
import { inputPlane, PLANES, weightBytes } from "./plan";
import { COPIES, FIXED, PRODUCTS, ROWS } from "./scratch";
import { copyTile, copyWindows, describeTiles, ENTRY, Entry } from "./tiles";
import { transformInput } from "./transformInput";
import { transformOutput } from "./transformOutput";

/** Computes blocks `from` to `to`; all blocks of a group are numbered before those of the next. */
export function convolveBlocks(c: Convolution, from: u32, to: u32, scratch: usize): void {
  const entries = scratch + FIXED;
  const v = entries + ENTRY * (c.blockTiles as usize);
  const plane = inputPlane(c);
  for (let block = from; block < to; block++) {
    const group = block / c.blocks;
    const count = describeTiles(c, group, block % c.blocks, entries);
    for (let channel: u32 = 0; channel < c.channels; channel++) {
      for (let i: u32 = 0; i < count; i += 4) {
        const at = v + PLANES * plane * ((i >> 3) as usize) + ((channel as usize) << 5) + ((i & 4) << 2);
        readTiles(c, channel, entries + ENTRY * (i as usize), scratch, at);
      }
    }
    multiplyBlock(c, group, count, scratch, v);
  }
}

// a channel of four tiles
function readTiles(c: Convolution, channel: u32, entries: usize, scratch: usize, out: usize): void {
  const a = changetype<Entry>(entries);
  const b = changetype<Entry>(entries + ENTRY);
  const d = changetype<Entry>(entries + 2 * ENTRY);
  const e = changetype<Entry>(entries + 3 * ENTRY);
  const plane = inputPlane(c);
  const rows = scratch + ROWS;
  const pitch = (c.width as usize) << 2;
  const offset = pitch * (c.height as usize) * (channel as usize);
  if (a.isInner && b.isInner && d.isInner && e.isInner) {
    transformInput(a.source + offset, b.source + offset, d.source + offset, e.source + offset, pitch, rows, out, plane);
    return;
  }
  const copies = scratch + COPIES;
  copyTile(c, a, offset, copies);
  copyTile(c, b, offset, copies + 192);
  copyTile(c, d, offset, copies + 384);
  copyTile(c, e, offset, copies + 576);
  transformInput(copies, copies + 192, copies + 384, copies + 576, 32, rows, out, plane);
}

// all results of the tiles
function multiplyBlock(c: Convolution, group: u32, count: u32, scratch: usize, v: usize): void {
  const entries = scratch + FIXED;
  const plane = inputPlane(c);
  const products = scratch + PRODUCTS;
  const weightPlane = (c.channels as usize) << 4;
  let u = c.packed + weightBytes(c) * (group as usize);
  for (let o: u32 = 0; o < c.targetChannels; o += 4, u += PLANES * weightPlane) {
    for (let i: u32 = 0; i < count; i += 8) {
      multiplyPlanes(v + PLANES * plane * ((i >> 3) as usize), plane, u, weightPlane, c.channels, products);
      for (let lane: u32 = 0; lane < min<u32>(4, c.targetChannels - o); lane++) {
        const at = products + ((lane as usize) << 5);
        writeTiles(c, group, o + lane, entries + ENTRY * (i as usize), scratch, at);
        if (i + 4 < count) writeTiles(c, group, o + lane, entries + ENTRY * ((i + 4) as usize), scratch, at + 16);
      }
    }
  }
}

// a channel of four tiles
function writeTiles(c: Convolution, group: u32, channel: u32, entries: usize, scratch: usize, products: usize): void {
  const bias: f32 = c.bias ? load<f32>(c.bias + (((group * c.targetChannels + channel) as usize) << 2)) : 0;
  const isRelu = c.relu != 0;
  const pitch = (c.targetWidth as usize) << 2;
  const offset = pitch * (c.targetHeight as usize) * (channel as usize);
  const rows = scratch + ROWS;
  const a = changetype<Entry>(entries);
  const b = changetype<Entry>(entries + ENTRY);
  const d = changetype<Entry>(entries + 2 * ENTRY);
  const e = changetype<Entry>(entries + 3 * ENTRY);
  if (min(min(a.rows, b.rows), min(d.rows, e.rows)) == 4 && min(min(a.columns, b.columns), min(d.columns, e.columns)) == 4) {
    transformOutput(products, bias, isRelu, rows, pitch, a.target + offset, b.target + offset, d.target + offset, e.target + offset);
    return;
  }
  const copies = scratch + COPIES;
  transformOutput(products, bias, isRelu, rows, 16, copies, copies + 64, copies + 128, copies + 192);
  copyWindows(a, copies, 16, a.target + offset, pitch);
  copyWindows(b, copies + 64, 16, b.target + offset, pitch);
  copyWindows(d, copies + 128, 16, d.target + offset, pitch);
  copyWindows(e, copies + 192, 16, e.target + offset, pitch);
}
