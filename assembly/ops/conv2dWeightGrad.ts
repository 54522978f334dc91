import { sumLanes } from "../inline/lanes";

// The gradient of a convolution's weights: the correlation of its upstream gradient with its padded input. Tiles of four
// output channels by three taps keep twelve sums in registers along a row; each row's sums go on in float64, so that an
// image of any size keeps float32's precision.

/**
 * total[o, i, t] += sum over y, x of upstream[o, y, x] * padded[i, tap t, y, x], for one image; `total` is float64.
 * Layout of `padded`, `channelStride`, `pitch` and `taps` as in conv2d.ts.
 */
export function conv2dWeightGrad_f32(
  padded: usize,
  channelStride: usize,
  pitch: usize,
  taps: usize,
  tapCount: u32,
  upstream: usize,
  total: usize,
  outChannels: u32,
  inChannels: u32,
  height: u32,
  width: u32,
): void {
  const rowBytes = (width as usize) << 2;
  const plane = rowBytes * (height as usize);
  const totalStride = ((inChannels * tapCount) as usize) << 3;
  for (let y: u32 = 0; y < height; y++) {
    for (let o: u32 = 0; o < outChannels; o += 4) {
      const lanes = min(<u32>4, outChannels - o);
      const g = upstream + plane * (o as usize) + rowBytes * (y as usize);
      let input = padded + pitch * (y as usize);
      let target = total + totalStride * (o as usize);
      for (let i: u32 = 0; i < inChannels; i++) {
        for (let t: u32 = 0; t < tapCount; t += 3) {
          const at = taps + ((t as usize) << 2);
          const some = min(<u32>3, tapCount - t);
          const first = load<u32>(at) as usize;
          tile4x3(
            g,
            lanes > 1 ? plane : 0,
            lanes > 2 ? 2 * plane : 0,
            lanes > 3 ? 3 * plane : 0,
            input + first,
            some > 1 ? (load<u32>(at, 4) as usize) - first : 0,
            some > 2 ? (load<u32>(at, 8) as usize) - first : 0,
            rowBytes,
            target,
            totalStride,
            lanes,
            some,
          );
          target += (some as usize) << 3;
        }
        input += channelStride;
      }
    }
  }
}

// channels and taps that do not exist repeat the first (an offset of 0) and are not stored
function tile4x3(
  g: usize,
  plane1: usize,
  plane2: usize,
  plane3: usize,
  input: usize,
  tap1: usize,
  tap2: usize,
  rowBytes: usize,
  total: usize,
  totalStride: usize,
  lanes: u32,
  some: u32,
): void {
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let a2 = f32x4.splat(0);
  let b0 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  let b2 = f32x4.splat(0);
  let c0 = f32x4.splat(0);
  let c1 = f32x4.splat(0);
  let c2 = f32x4.splat(0);
  let d0 = f32x4.splat(0);
  let d1 = f32x4.splat(0);
  let d2 = f32x4.splat(0);
  const end = g + rowBytes;
  for (; g + 16 <= end; g += 16) {
    const x0 = v128.load(input);
    const x1 = v128.load(input + tap1);
    const x2 = v128.load(input + tap2);
    let v = v128.load(g);
    a0 = f32x4.add(a0, f32x4.mul(v, x0));
    a1 = f32x4.add(a1, f32x4.mul(v, x1));
    a2 = f32x4.add(a2, f32x4.mul(v, x2));
    v = v128.load(g + plane1);
    b0 = f32x4.add(b0, f32x4.mul(v, x0));
    b1 = f32x4.add(b1, f32x4.mul(v, x1));
    b2 = f32x4.add(b2, f32x4.mul(v, x2));
    v = v128.load(g + plane2);
    c0 = f32x4.add(c0, f32x4.mul(v, x0));
    c1 = f32x4.add(c1, f32x4.mul(v, x1));
    c2 = f32x4.add(c2, f32x4.mul(v, x2));
    v = v128.load(g + plane3);
    d0 = f32x4.add(d0, f32x4.mul(v, x0));
    d1 = f32x4.add(d1, f32x4.mul(v, x1));
    d2 = f32x4.add(d2, f32x4.mul(v, x2));
    input += 16;
  }
  // the last columns, one to three, in lane 0
  for (; g < end; g += 4) {
    const x0 = v128.load32_zero(input);
    const x1 = v128.load32_zero(input + tap1);
    const x2 = v128.load32_zero(input + tap2);
    let v = v128.load32_zero(g);
    a0 = f32x4.add(a0, f32x4.mul(v, x0));
    a1 = f32x4.add(a1, f32x4.mul(v, x1));
    a2 = f32x4.add(a2, f32x4.mul(v, x2));
    v = v128.load32_zero(g + plane1);
    b0 = f32x4.add(b0, f32x4.mul(v, x0));
    b1 = f32x4.add(b1, f32x4.mul(v, x1));
    b2 = f32x4.add(b2, f32x4.mul(v, x2));
    v = v128.load32_zero(g + plane2);
    c0 = f32x4.add(c0, f32x4.mul(v, x0));
    c1 = f32x4.add(c1, f32x4.mul(v, x1));
    c2 = f32x4.add(c2, f32x4.mul(v, x2));
    v = v128.load32_zero(g + plane3);
    d0 = f32x4.add(d0, f32x4.mul(v, x0));
    d1 = f32x4.add(d1, f32x4.mul(v, x1));
    d2 = f32x4.add(d2, f32x4.mul(v, x2));
    input += 4;
  }
  addRow(total, a0, a1, a2, some);
  if (lanes > 1) addRow(total + totalStride, b0, b1, b2, some);
  if (lanes > 2) addRow(total + 2 * totalStride, c0, c1, c2, some);
  if (lanes > 3) addRow(total + 3 * totalStride, d0, d1, d2, some);
}

function addRow(total: usize, s0: v128, s1: v128, s2: v128, some: u32): void {
  store<f64>(total, load<f64>(total) + sumLanes(s0));
  if (some > 1) store<f64>(total, load<f64>(total, 8) + sumLanes(s1), 8);
  if (some > 2) store<f64>(total, load<f64>(total, 16) + sumLanes(s2), 16);
}

/** out[i] = the float32 nearest to total[i]. */
export function roundTotals(total: usize, out: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i++) {
    store<f32>(out, load<f64>(total) as f32);
    total += 8;
    out += 4;
  }
}
