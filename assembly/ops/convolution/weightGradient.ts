// The gradient of a convolution's weights: the correlation of its upstream gradient with its padded input. Tiles of four
// output channels by two terms, or of one by four, keep their sums in registers along a row, or along several short ones;
// from there the sums go on in float64, so that an image of any size keeps float32's precision.

import { sumLanes } from "../../inline/lanes";
import { mulAdd } from "../../inline/mulAdd";
import { Convolution } from "./convolution";
import { Tile } from "./tile";

// pixels after which a tile hands its sums on, at the end of a row
const STRETCH: u32 = 256;

/** total[o, term] += the sum over the pixels of the tile of upstream[o, pixel] * padded pixel of the term. */
export function addTile(c: Convolution, t: Tile): void {
  let input = t.input;
  let upstream = t.out;
  const outChannels = c.targetChannels;
  const totalStride = (c.termCount as usize) << 3;
  const total = t.sums + totalStride * ((t.group * outChannels) as usize);
  const most = max<u32>(1, STRETCH / t.columns);
  for (let y: u32 = 0; y < t.rows; y += most) {
    const rows = min(most, t.rows - y);
    for (let o: u32 = 0; o < outChannels; o += 4) {
      const lanes = min<u32>(4, outChannels - o);
      const g = upstream + t.outPlane * (o as usize);
      let target = total + totalStride * (o as usize);
      const step: usize = lanes == 1 ? 16 : 8;
      for (let term = c.terms; term < c.termsEnd; term += step) {
        if (lanes == 1) tile1x4(c, t, g, input, term, rows, target);
        else tile4x2(c, t, g, lanes, input, term, rows, target);
        target += step << 1;
      }
    }
    input += c.pitch * (rows as usize);
    upstream += t.outPitch * (rows as usize);
  }
}

// Channels and a term that do not exist repeat those that do, and are not stored. Not matmul's tile: there one number meets all lanes, each
// of which is a sum of its own; here lanes meet lanes, and are added in the end. What they share, eight sums, no function can return.
function tile4x2(c: Convolution, t: Tile, g: usize, lanes: u32, padded: usize, terms: usize, rows: u32, total: usize): void {
  const plane = t.outPlane;
  const plane2 = lanes > 2 ? plane << 1 : 0;
  const plane3 = lanes > 3 ? plane * 3 : 0;
  const rowBytes = t.rowBytes;
  const skip = t.outPitch - rowBytes;
  const second = beyond(terms, c.termsEnd, 4);
  let input = padded + (load<u32>(terms) as usize);
  let a0 = f32x4.splat(0);
  let a1 = a0;
  let b0 = a0;
  let b1 = a0;
  let c0 = a0;
  let c1 = a0;
  let d0 = a0;
  let d1 = a0;
  for (let row: u32 = 0; row < rows; row++, input += c.pitch, g += skip) {
    let p = input;
    const end = g + rowBytes;
    for (; g + 16 <= end; g += 16, p += 16) {
      const x0 = v128.load(p);
      const x1 = v128.load(p + second);
      let v = v128.load(g);
      a0 = mulAdd(a0, v, x0);
      a1 = mulAdd(a1, v, x1);
      v = v128.load(g + plane);
      b0 = mulAdd(b0, v, x0);
      b1 = mulAdd(b1, v, x1);
      v = v128.load(g + plane2);
      c0 = mulAdd(c0, v, x0);
      c1 = mulAdd(c1, v, x1);
      v = v128.load(g + plane3);
      d0 = mulAdd(d0, v, x0);
      d1 = mulAdd(d1, v, x1);
    }
    // the last columns, one to three, in lane 0
    for (; g < end; g += 4, p += 4) {
      const x0 = v128.load32_zero(p);
      const x1 = v128.load32_zero(p + second);
      let v = v128.load32_zero(g);
      a0 = mulAdd(a0, v, x0);
      a1 = mulAdd(a1, v, x1);
      v = v128.load32_zero(g + plane);
      b0 = mulAdd(b0, v, x0);
      b1 = mulAdd(b1, v, x1);
      v = v128.load32_zero(g + plane2);
      c0 = mulAdd(c0, v, x0);
      c1 = mulAdd(c1, v, x1);
      v = v128.load32_zero(g + plane3);
      d0 = mulAdd(d0, v, x0);
      d1 = mulAdd(d1, v, x1);
    }
  }
  const totalStride = (c.termCount as usize) << 3;
  const both = terms + 4 < c.termsEnd;
  addPair(total, a0, a1, both);
  addPair(total + totalStride, b0, b1, both);
  if (lanes > 2) addPair(total + 2 * totalStride, c0, c1, both);
  if (lanes > 3) addPair(total + 3 * totalStride, d0, d1, both);
}

function addPair(total: usize, first: v128, second: v128, both: bool): void {
  addSum(total, first);
  if (both) addSum(total + 8, second);
}

function addSum(total: usize, sum: v128): void {
  store<f64>(total, load<f64>(total) + sumLanes(sum));
}

// one channel by four terms; terms that do not exist repeat the first, and are not stored
function tile1x4(c: Convolution, t: Tile, g: usize, padded: usize, terms: usize, rows: u32, total: usize): void {
  const pitch = c.pitch;
  const rowBytes = t.rowBytes;
  const skip = t.outPitch - rowBytes;
  const termsEnd = c.termsEnd;
  let input = padded + (load<u32>(terms) as usize);
  const second = beyond(terms, termsEnd, 4);
  const third = beyond(terms, termsEnd, 8);
  const fourth = beyond(terms, termsEnd, 12);
  let a0 = f32x4.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  for (let row: u32 = 0; row < rows; row++) {
    let p = input;
    const end = g + rowBytes;
    for (; g + 16 <= end; g += 16) {
      const v = v128.load(g);
      a0 = mulAdd(a0, v, v128.load(p));
      a1 = mulAdd(a1, v, v128.load(p + second));
      a2 = mulAdd(a2, v, v128.load(p + third));
      a3 = mulAdd(a3, v, v128.load(p + fourth));
      p += 16;
    }
    // the last columns, one to three, in lane 0
    for (; g < end; g += 4) {
      const v = v128.load32_zero(g);
      a0 = mulAdd(a0, v, v128.load32_zero(p));
      a1 = mulAdd(a1, v, v128.load32_zero(p + second));
      a2 = mulAdd(a2, v, v128.load32_zero(p + third));
      a3 = mulAdd(a3, v, v128.load32_zero(p + fourth));
      p += 4;
    }
    input += pitch;
    g += skip;
  }
  const some = (termsEnd - terms) >> 2;
  addSum(total, a0);
  if (some > 1) addSum(total + 8, a1);
  if (some > 2) addSum(total + 16, a2);
  if (some > 3) addSum(total + 24, a3);
}

// bytes of padded input from the first of `terms` to the one `step` bytes further in the table
function beyond(terms: usize, termsEnd: usize, step: usize): usize {
  const at = terms + step;
  return at < termsEnd ? ((load<u32>(at) - load<u32>(terms)) as usize) : 0;
}

/** The gradient = the float32 nearest to the sums of all units together. */
export function roundSums(c: Convolution): void {
  const n = ((c.groups * c.weights) as usize) << 3;
  let out = c.weight;
  for (let i: usize = 0; i < n; i += 8, out += 4) {
    let total: f64 = 0;
    let at = c.sums + i;
    for (let unit: u32 = 0; unit < c.units; unit++, at += n) total += load<f64>(at);
    store<f32>(out, total as f32);
  }
}
