// V = B^T d B of 6 x 6 pixels, four at a time: of four tiles, or of four channels of a tile.

import { fiveHalves, half, root, twice } from "./constants";

/**
 * The pixels at `p0` to `p3`, whose rows are `pitch` bytes apart, to lanes 0 to 3 of the 36 vectors from `out` on, `plane` bytes apart.
 * `rows` is scratch for 36 vectors.
 */
export function transformInput(p0: usize, p1: usize, p2: usize, p3: usize, pitch: usize, rows: usize, out: usize, plane: usize): void {
  const h = half();
  const f = fiveHalves();
  const e = root();
  for (let at = rows; at < rows + 576; at += 96) {
    const a = v128.load(p0);
    const b = v128.load(p1);
    const c = v128.load(p2);
    const d = v128.load(p3);
    const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
    const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
    const abRight = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    const cdRight = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
    const abLast = v128.shuffle<f32>(v128.load64_zero(p0, 16), v128.load64_zero(p1, 16), 0, 4, 1, 5);
    const cdLast = v128.shuffle<f32>(v128.load64_zero(p2, 16), v128.load64_zero(p3, 16), 0, 4, 1, 5);
    const d1 = v128.shuffle<i64>(ab, cd, 1, 3);
    const d2 = v128.shuffle<i64>(abRight, cdRight, 0, 2);
    const d3 = v128.shuffle<i64>(abRight, cdRight, 1, 3);
    const d4 = v128.shuffle<i64>(abLast, cdLast, 0, 2);
    v128.store(at, outer(v128.shuffle<i64>(ab, cd, 0, 2), d2, d4, f));
    v128.store(at, outer(d1, d3, v128.shuffle<i64>(abLast, cdLast, 1, 3), f), 80);
    const inner = f32x4.sub(d4, twice(d2));
    const farther = f32x4.sub(d4, f32x4.mul(d2, h));
    const e1 = f32x4.mul(d1, e);
    const e3 = f32x4.mul(d3, e);
    storeBoth(at + 16, inner, f32x4.sub(e3, twice(e1)), 16);
    storeBoth(at + 48, farther, f32x4.sub(twice(e3), e1), 16);
    p0 += pitch;
    p1 += pitch;
    p2 += pitch;
    p3 += pitch;
  }
  transformColumns(rows, out, plane);
}

function transformColumns(rows: usize, out: usize, plane: usize): void {
  const h = half();
  const f = fiveHalves();
  const e = root();
  const step = plane * 6;
  for (let at = rows; at < rows + 96; at += 16, out += plane) {
    const d1 = v128.load(at, 96);
    const d2 = v128.load(at, 192);
    const d3 = v128.load(at, 288);
    const d4 = v128.load(at, 384);
    v128.store(out, outer(v128.load(at), d2, d4, f));
    v128.store(out + 5 * step, outer(d1, d3, v128.load(at, 480), f));
    const inner = f32x4.sub(d4, twice(d2));
    const farther = f32x4.sub(d4, f32x4.mul(d2, h));
    const e1 = f32x4.mul(d1, e);
    const e3 = f32x4.mul(d3, e);
    storeBoth(out + step, inner, f32x4.sub(e3, twice(e1)), step);
    storeBoth(out + 3 * step, farther, f32x4.sub(twice(e3), e1), step);
  }
}

// of the points 0 and infinity
// @ts-ignore: decorator
@inline
function outer(a: v128, b: v128, c: v128, fiveHalves: v128): v128 {
  return f32x4.sub(f32x4.add(a, c), f32x4.mul(b, fiveHalves));
}

// of a point and its negative
// @ts-ignore: decorator
@inline
function storeBoth(out: usize, even: v128, odd: v128, step: usize): void {
  v128.store(out, f32x4.add(even, odd));
  v128.store(out + step, f32x4.sub(even, odd));
}
