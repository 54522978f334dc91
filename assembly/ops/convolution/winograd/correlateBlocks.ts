// The gradient of the weights from blocks of tiles: transformed pixels V[channels / 8, 36, tiles, 8] and upstream gradients
// E[targetChannels / 4, 36, tiles, 4], whose products are summed over the tiles of a block, transformed, and added up in float64.

import { Convolution } from "../convolution";
import { multiplyPlanes } from "./multiplyPlanes";
import { channelPlane, inputBytes, PLANES, sumBytes, sumChannels, upstreamPlane } from "./plan";
import { COPIES, FIXED, PRODUCTS, ROWS } from "./scratch";
import { copyTile, copyWindows, describeTiles, ENTRY, Entry } from "./tiles";
import { transformGradient } from "./transformGradient";
import { transformInput } from "./transformInput";
import { transformUpstream } from "./transformUpstream";

/** Adds blocks `from` to `to` up in the sums of `unit`; all blocks of a group are numbered before those of the next. */
export function correlateBlocks(c: Convolution, unit: u32, from: u32, to: u32, scratch: usize): void {
  const bytes = sumBytes(c);
  const sums = c.sums + bytes * (unit as usize);
  memory.fill(sums, 0, bytes);
  const entries = scratch + FIXED;
  const v = entries + ENTRY * (c.blockTiles as usize);
  const e = v + inputBytes(c);
  for (let block = from; block < to; block++) {
    const group = block / c.blocks;
    const count = describeTiles(c, group, block % c.blocks, entries);
    for (let i: u32 = 0; i < count; i++) {
      const entry = changetype<Entry>(entries + ENTRY * (i as usize));
      readInput(c, entry, scratch, v + ((i as usize) << 5));
      readUpstream(c, entry, scratch, e + ((i as usize) << 4));
    }
    addProducts(c, sums + (bytes / (c.groups as usize)) * (group as usize), count, scratch, v, e);
  }
}

// A tile in all channels; channels that do not exist repeat the last, and are not summed.
function readInput(c: Convolution, entry: Entry, scratch: usize, out: usize): void {
  const plane = channelPlane(c);
  const rows = scratch + ROWS;
  const copies = scratch + COPIES;
  const pitch = (c.width as usize) << 2;
  const image = pitch * (c.height as usize);
  const last = image * ((c.channels - 1) as usize);
  for (let channel: u32 = 0; channel < c.channels; channel += 4) {
    const p0 = image * (channel as usize);
    const p1 = min(last, p0 + image);
    const p2 = min(last, p1 + image);
    const p3 = min(last, p2 + image);
    if (entry.isInner) {
      const source = entry.source;
      transformInput(source + p0, source + p1, source + p2, source + p3, pitch, rows, out, plane);
    } else {
      copyTile(c, entry, p0, copies);
      copyTile(c, entry, p1, copies + 192);
      copyTile(c, entry, p2, copies + 384);
      copyTile(c, entry, p3, copies + 576);
      transformInput(copies, copies + 192, copies + 384, copies + 576, 32, rows, out, plane);
    }
    out += channel & 4 ? PLANES * plane - 16 : 16;
  }
}

function readUpstream(c: Convolution, entry: Entry, scratch: usize, out: usize): void {
  const plane = upstreamPlane(c);
  const rows = scratch + ROWS;
  const copies = scratch + COPIES;
  const pitch = (c.targetWidth as usize) << 2;
  const image = pitch * (c.targetHeight as usize);
  const isWhole = entry.rows == 4 && entry.columns == 4;
  if (!isWhole) for (let i: usize = 0; i < 256; i += 16) v128.store(copies + i, i32x4.splat(0));
  let from = entry.target;
  for (let o: u32 = 0; o < c.targetChannels; o += 4, from += 4 * image, out += PLANES * plane) {
    if (isWhole && o + 4 <= c.targetChannels) {
      transformUpstream(from, image, pitch, rows, out, plane);
      continue;
    }
    const lanes = min<u32>(4, c.targetChannels - o);
    for (let lane: u32 = 0; lane < lanes; lane++)
      copyWindows(entry, from + image * (lane as usize), pitch, copies + ((lane as usize) << 6), 16);
    transformUpstream(copies, 64, 16, rows, out, plane);
  }
}

function addProducts(c: Convolution, sums: usize, count: u32, scratch: usize, v: usize, e: usize): void {
  const inPlane = channelPlane(c);
  const outPlane = upstreamPlane(c);
  const products = scratch + PRODUCTS;
  const rows = scratch + ROWS;
  const step = sumChannels(c) << 3;
  for (let o: u32 = 0; o < c.targetChannels; o += 4, e += PLANES * outPlane) {
    const lanes = min<u32>(4, c.targetChannels - o);
    let at = v;
    for (let channel: u32 = 0; channel < c.channels; channel += 8, at += PLANES * inPlane) {
      multiplyPlanes(at, inPlane, e, outPlane, count, products);
      for (let lane: u32 = 0; lane < lanes; lane++) {
        const from = products + ((lane as usize) << 5);
        const to = sums + 9 * step * ((o + lane) as usize) + ((channel as usize) << 3);
        transformGradient(from, rows, to, step);
        if (channel + 4 < c.channels) transformGradient(from + 16, rows, to + 32, step);
      }
    }
  }
}

/** The gradient = the float32 nearest to the sums of all units together. */
export function roundWinogradSums(c: Convolution): void {
  const bytes = sumBytes(c);
  const step = sumChannels(c) << 3;
  let out = c.weight;
  let row = c.sums;
  for (let o: u32 = 0; o < c.groups * c.targetChannels; o++, row += 9 * step) {
    for (let channel: usize = 0; channel < c.channels; channel++) {
      for (let tap: usize = 0; tap < 9; tap++, out += 4) {
        let total: f64 = 0;
        let at = row + step * tap + (channel << 3);
        for (let unit: u32 = 0; unit < c.units; unit++, at += bytes) total += load<f64>(at);
        store<f32>(out, total as f32);
      }
    }
  }
}
