// The matrix product of the weights and the padded pixels of a tile. Weights stand as pack.ts leaves them.

import { mulAdd } from "../../inline/mulAdd";
import { Convolution } from "./convolution";
import { Tile } from "./tile";

/** out[o, y, x] = bias + the sum over the terms of weight * padded pixel, of the group of the tile. */
export function multiplyTile(c: Convolution, t: Tile): void {
  let input = t.input;
  let out = t.out;
  const rowBytes = t.rowBytes;
  const outChannels = c.outChannels;
  const packed = c.packed + c.packedBytes * (t.group as usize);
  const packedBlock = ((c.termCount as usize) + 1) << 4;
  for (let y: u32 = 0; y < t.rows; y++) {
    // a strip of pixels stays in the first cache for all output channels
    for (let strip: usize = 0; strip < rowBytes; strip += STRIP) {
      const end = min(rowBytes, strip + STRIP);
      let block = packed;
      for (let o: u32 = 0; o < outChannels; o += 4) {
        row4(c, t.outPlane, input, strip, end, block, out + t.outPlane * (o as usize), min<u32>(4, outChannels - o));
        block += packedBlock;
      }
    }
    input += c.pitch;
    out += t.outPitch;
  }
}

// bytes of a row that are worked on at a time: 32 pixels
const STRIP: usize = 128;

// the pixels of one to four channels from byte x to byte `end` of a row, in blocks of four channels by eight pixels or one by 32;
// where the last block does not fit, it overlaps the one before
function row4(c: Convolution, outPlane: usize, input: usize, x: usize, end: usize, packed: usize, out: usize, lanes: u32): void {
  const terms = c.terms;
  const termsEnd = c.termsEnd;
  if (lanes == 1 && end >= 128) {
    x = min(x, end - 128);
    block1x32(input + x, terms, termsEnd, packed, out + x);
    return;
  }
  if (end >= 32) {
    for (; x + 32 <= end; x += 32) block4x8(input + x, terms, termsEnd, packed, out + x, outPlane, lanes);
    if (x == end) return;
    x = end - 32;
    block4x8(input + x, terms, termsEnd, packed, out + x, outPlane, lanes);
    return;
  }
  for (; x < end; x += 4) column4(input + x, terms, termsEnd, packed, out + x, outPlane, lanes);
}

// The sums stand in pairs that share a weight: TurboFan keeps the order of the locals, and so all of them in registers. Biases
// and weights are read at the same offsets: what serves before the loop, too, is not computed within.
function block4x8(input: usize, terms: usize, termsEnd: usize, packed: usize, out: usize, outPlane: usize, lanes: u32): void {
  let a0 = v128.load32_splat(packed);
  let b0 = a0;
  let a1 = v128.load32_splat(packed, 4);
  let b1 = a1;
  let a2 = v128.load32_splat(packed, 8);
  let b2 = a2;
  let a3 = v128.load32_splat(packed, 12);
  let b3 = a3;
  for (; terms < termsEnd; terms += 4) {
    packed += 16;
    const p = input + (load<u32>(terms) as usize);
    const left = v128.load(p);
    const right = v128.load(p, 16);
    let w = v128.load32_splat(packed);
    a0 = mulAdd(a0, w, left);
    b0 = mulAdd(b0, w, right);
    w = v128.load32_splat(packed, 4);
    a1 = mulAdd(a1, w, left);
    b1 = mulAdd(b1, w, right);
    w = v128.load32_splat(packed, 8);
    a2 = mulAdd(a2, w, left);
    b2 = mulAdd(b2, w, right);
    w = v128.load32_splat(packed, 12);
    a3 = mulAdd(a3, w, left);
    b3 = mulAdd(b3, w, right);
  }
  v128.store(out, a0);
  v128.store(out, b0, 16);
  if (lanes == 1) return;
  v128.store(out + outPlane, a1);
  v128.store(out + outPlane, b1, 16);
  if (lanes == 2) return;
  v128.store(out + 2 * outPlane, a2);
  v128.store(out + 2 * outPlane, b2, 16);
  if (lanes == 3) return;
  v128.store(out + 3 * outPlane, a3);
  v128.store(out + 3 * outPlane, b3, 16);
}

function block1x32(input: usize, terms: usize, termsEnd: usize, packed: usize, out: usize): void {
  let a0 = v128.load32_splat(packed);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let a4 = a0;
  let a5 = a0;
  let a6 = a0;
  let a7 = a0;
  for (; terms < termsEnd; terms += 4) {
    packed += 16;
    const p = input + (load<u32>(terms) as usize);
    const w = v128.load32_splat(packed);
    a0 = mulAdd(a0, w, v128.load(p));
    a1 = mulAdd(a1, w, v128.load(p, 16));
    a2 = mulAdd(a2, w, v128.load(p, 32));
    a3 = mulAdd(a3, w, v128.load(p, 48));
    a4 = mulAdd(a4, w, v128.load(p, 64));
    a5 = mulAdd(a5, w, v128.load(p, 80));
    a6 = mulAdd(a6, w, v128.load(p, 96));
    a7 = mulAdd(a7, w, v128.load(p, 112));
  }
  v128.store(out, a0);
  v128.store(out, a1, 16);
  v128.store(out, a2, 32);
  v128.store(out, a3, 48);
  v128.store(out, a4, 64);
  v128.store(out, a5, 80);
  v128.store(out, a6, 96);
  v128.store(out, a7, 112);
}

// four output channels of one pixel, the channels in the lanes
function column4(input: usize, terms: usize, termsEnd: usize, packed: usize, out: usize, outPlane: usize, lanes: u32): void {
  let total = v128.load(packed);
  for (; terms < termsEnd; terms += 4) {
    packed += 16;
    const v = v128.load32_splat(input + (load<u32>(terms) as usize));
    total = mulAdd(total, v, v128.load(packed));
  }
  store<f32>(out, f32x4.extract_lane(total, 0));
  if (lanes > 1) store<f32>(out + outPlane, f32x4.extract_lane(total, 1));
  if (lanes > 2) store<f32>(out + 2 * outPlane, f32x4.extract_lane(total, 2));
  if (lanes > 3) store<f32>(out + 3 * outPlane, f32x4.extract_lane(total, 3));
}
