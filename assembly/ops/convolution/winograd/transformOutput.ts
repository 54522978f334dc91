// A^T m A: the 4 x 4 windows of a channel in four tiles.

import { half, root, twice } from "./constants";

/**
 * The 36 vectors at `m`, 128 bytes apart, whose lanes are tiles, plus `bias`, and 0 for what is below it where `isRelu`: four windows each
 * to the rows at `p0` to `p3`, which are `pitch` bytes apart. `rows` is scratch for 24 vectors.
 */
export function transformOutput(
  m: usize,
  bias: f32,
  isRelu: bool,
  rows: usize,
  pitch: usize,
  p0: usize,
  p1: usize,
  p2: usize,
  p3: usize,
): void {
  const h = half();
  const e = root();
  for (let at = rows; at < rows + 96; at += 16, m += 128) {
    const m1 = v128.load(m, 768);
    const m2 = v128.load(m, 1536);
    const m3 = v128.load(m, 2304);
    const m4 = v128.load(m, 3072);
    const near = f32x4.add(m1, m2);
    const far = f32x4.add(m3, m4);
    const nearOdd = f32x4.sub(m1, m2);
    const farOdd = twice(f32x4.sub(m3, m4));
    v128.store(at, f32x4.add(v128.load(m), f32x4.add(near, far)));
    v128.store(at, f32x4.mul(e, f32x4.add(nearOdd, farOdd)), 96);
    v128.store(at, f32x4.add(f32x4.mul(near, h), twice(far)), 192);
    v128.store(at, f32x4.add(v128.load(m, 3840), f32x4.mul(e, f32x4.add(f32x4.mul(nearOdd, h), twice(farOdd)))), 288);
  }
  // A bias of -0 becomes 0, and so no result is -0: what pmax does not turn into 0.
  const b = f32x4.splat(bias + 0);
  const zero = i32x4.splat(0);
  for (let at = rows; at < rows + 384; at += 96) {
    const m1 = v128.load(at, 16);
    const m2 = v128.load(at, 32);
    const m3 = v128.load(at, 48);
    const m4 = v128.load(at, 64);
    const near = f32x4.add(m1, m2);
    const far = f32x4.add(m3, m4);
    const nearOdd = f32x4.sub(m1, m2);
    const farOdd = twice(f32x4.sub(m3, m4));
    let y0 = f32x4.add(b, f32x4.add(v128.load(at), f32x4.add(near, far)));
    let y1 = f32x4.add(b, f32x4.mul(e, f32x4.add(nearOdd, farOdd)));
    let y2 = f32x4.add(b, f32x4.add(f32x4.mul(near, h), twice(far)));
    let y3 = f32x4.add(b, f32x4.add(v128.load(at, 80), f32x4.mul(e, f32x4.add(f32x4.mul(nearOdd, h), twice(farOdd)))));
    if (isRelu) {
      y0 = f32x4.pmax(y0, zero);
      y1 = f32x4.pmax(y1, zero);
      y2 = f32x4.pmax(y2, zero);
      y3 = f32x4.pmax(y3, zero);
    }
    const left = v128.shuffle<f32>(y0, y1, 0, 4, 1, 5);
    const right = v128.shuffle<f32>(y2, y3, 0, 4, 1, 5);
    const leftHigh = v128.shuffle<f32>(y0, y1, 2, 6, 3, 7);
    const rightHigh = v128.shuffle<f32>(y2, y3, 2, 6, 3, 7);
    v128.store(p0, v128.shuffle<i64>(left, right, 0, 2));
    v128.store(p1, v128.shuffle<i64>(left, right, 1, 3));
    v128.store(p2, v128.shuffle<i64>(leftHigh, rightHigh, 0, 2));
    v128.store(p3, v128.shuffle<i64>(leftHigh, rightHigh, 1, 3));
    p0 += pitch;
    p1 += pitch;
    p2 += pitch;
    p3 += pitch;
  }
}
