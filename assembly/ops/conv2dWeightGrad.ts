// The gradient of a convolution's weights: the correlation of its upstream gradient with its padded input. Tiles of four
// output channels by two terms, or of one by four, keep their sums in registers along a row, or along several short ones;
// from there the sums go on in float64, so that an image of any size keeps float32's precision.

import { sumLanes } from "../inline/lanes";
import { mulAdd } from "../inline/mulAdd";

// pixels after which a tile hands its sums on, at the end of a row
const STRETCH: u32 = 256;

/**
 * total[o, term] += sum over y, x of upstream[o, y, x] * padded pixel of the term, for a tile of height x width; `total` is
 * float64. Layout of `padded`, `pitch` and `terms` as in conv2d.ts; `plane`, `upstreamPitch`: bytes from channel to channel and from row to
 * row of `upstream`.
 */
export function conv2dWeightGrad_f32(
  padded: usize,
  pitch: usize,
  terms: usize,
  termCount: u32,
  upstream: usize,
  plane: usize,
  upstreamPitch: usize,
  total: usize,
  outChannels: u32,
  height: u32,
  width: u32,
): void {
  const rowBytes = (width as usize) << 2;
  const termsEnd = terms + ((termCount as usize) << 2);
  const totalStride = (termCount as usize) << 3;
  const skip = upstreamPitch - rowBytes;
  const most = max<u32>(1, STRETCH / width);
  for (let y: u32 = 0; y < height; y += most) {
    const rows = min(most, height - y);
    for (let o: u32 = 0; o < outChannels; o += 4) {
      const lanes = min<u32>(4, outChannels - o);
      const g = upstream + plane * (o as usize);
      let target = total + totalStride * (o as usize);
      const step: usize = lanes == 1 ? 16 : 8;
      for (let t = terms; t < termsEnd; t += step) {
        if (lanes == 1) tile1x4(g, padded, t, termsEnd, pitch, rowBytes, skip, rows, target);
        else tile4x2(g, plane, lanes, padded, t, termsEnd, pitch, rowBytes, skip, rows, target, totalStride);
        target += step << 1;
      }
    }
    padded += pitch * (rows as usize);
    upstream += upstreamPitch * (rows as usize);
  }
}

// channels and a term that do not exist repeat those that do, and are not stored
function tile4x2(
  g: usize,
  plane: usize,
  lanes: u32,
  padded: usize,
  terms: usize,
  termsEnd: usize,
  pitch: usize,
  rowBytes: usize,
  skip: usize,
  rows: u32,
  total: usize,
  totalStride: usize,
): void {
  const plane2 = lanes > 2 ? plane << 1 : 0;
  const plane3 = lanes > 3 ? plane * 3 : 0;
  const both = terms + 4 < termsEnd;
  let input = padded + (load<u32>(terms) as usize);
  const second = beyond(terms, termsEnd, 4);
  let a0 = f32x4.splat(0);
  let a1 = a0;
  let b0 = a0;
  let b1 = a0;
  let c0 = a0;
  let c1 = a0;
  let d0 = a0;
  let d1 = a0;
  for (let row: u32 = 0; row < rows; row++) {
    let p = input;
    const end = g + rowBytes;
    for (; g + 16 <= end; g += 16) {
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
      p += 16;
    }
    // the last columns, one to three, in lane 0
    for (; g < end; g += 4) {
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
      p += 4;
    }
    input += pitch;
    g += skip;
  }
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
function tile1x4(
  g: usize,
  padded: usize,
  terms: usize,
  termsEnd: usize,
  pitch: usize,
  rowBytes: usize,
  skip: usize,
  rows: u32,
  total: usize,
): void {
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

/** out[i] = the float32 nearest to total[i]. */
export function roundTotals(total: usize, out: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i++) {
    store<f32>(out, load<f64>(total) as f32);
    total += 8;
    out += 4;
  }
}
