// Windows of 3 x 3 in one channel with one result, as depthwise convolutions have: all nine weights stay in registers, and rows may be short.
// Pixels and weights stand as pad.ts and pack.ts leave them.

import { mulAdd } from "../../inline/mulAdd";
import { Convolution } from "./convolution";
import { Tile } from "./tile";

/** Whether a tile of `columns` windows is for this kernel. */
export function isDepthwise(c: Convolution, columns: u32): bool {
  return c.channels == 1 && c.outChannels == 1 && c.kernelHeight == 3 && c.kernelWidth == 3 && columns >= 4;
}

/** out[y, x] = bias + the sum over the taps of weight * padded pixel. Where the last four columns do not fit, they overlap those before. */
export function convolveDepthwise(c: Convolution, t: Tile): void {
  const packed = c.packed + c.packedBytes * (t.group as usize);
  const terms = c.terms;
  const middle = load<u32>(terms, 4) as usize;
  const right = load<u32>(terms, 8) as usize;
  const second = load<u32>(terms, 12) as usize;
  const third = load<u32>(terms, 24) as usize;
  const bias = v128.load32_splat(packed);
  const w0 = v128.load32_splat(packed, 16);
  const w1 = v128.load32_splat(packed, 32);
  const w2 = v128.load32_splat(packed, 48);
  const w3 = v128.load32_splat(packed, 64);
  const w4 = v128.load32_splat(packed, 80);
  const w5 = v128.load32_splat(packed, 96);
  const w6 = v128.load32_splat(packed, 112);
  const w7 = v128.load32_splat(packed, 128);
  const w8 = v128.load32_splat(packed, 144);
  const last = t.rowBytes - 16;
  let top = t.input;
  let out = t.out;
  for (let y: u32 = 0; y < t.rows; y++, top += c.pitch, out += t.outPitch) {
    let x: usize = 0;
    while (true) {
      const p = top + x;
      const q = p + second;
      const r = p + third;
      let sum = mulAdd(bias, w0, v128.load(p));
      sum = mulAdd(sum, w1, v128.load(p + middle));
      sum = mulAdd(sum, w2, v128.load(p + right));
      sum = mulAdd(sum, w3, v128.load(q));
      sum = mulAdd(sum, w4, v128.load(q + middle));
      sum = mulAdd(sum, w5, v128.load(q + right));
      sum = mulAdd(sum, w6, v128.load(r));
      sum = mulAdd(sum, w7, v128.load(r + middle));
      sum = mulAdd(sum, w8, v128.load(r + right));
      v128.store(out + x, sum);
      if (x == last) break;
      x = min(x + 16, last);
    }
  }
}
