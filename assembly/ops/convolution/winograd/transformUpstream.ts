// A g A^T of 4 x 4 upstream gradients, of four channels at a time.

import { half, root, twice } from "./constants";

/**
 * The gradients at `p`, whose rows are `pitch` bytes apart, and in the next three channels, `channel` bytes apart, to lanes 0 to 3 of the 36
 * vectors from `out` on, `plane` bytes apart. `rows` is scratch for 24 vectors.
 */
export function transformUpstream(p: usize, channel: usize, pitch: usize, rows: usize, out: usize, plane: usize): void {
  const h = half();
  const e = root();
  for (let at = rows; at < rows + 384; at += 96, p += pitch) {
    const a = v128.load(p);
    const b = v128.load(p + channel);
    const c = v128.load(p + 2 * channel);
    const d = v128.load(p + 3 * channel);
    const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
    const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
    const abRight = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    const cdRight = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
    const g0 = v128.shuffle<i64>(ab, cd, 0, 2);
    const g1 = v128.shuffle<i64>(ab, cd, 1, 3);
    const g2 = v128.shuffle<i64>(abRight, cdRight, 0, 2);
    const g3 = v128.shuffle<i64>(abRight, cdRight, 1, 3);
    v128.store(at, g0);
    storePoints(at + 16, g0, g1, g2, g3, h, e, 16);
    v128.store(at, g3, 80);
  }
  const step = plane * 6;
  for (let at = rows; at < rows + 96; at += 16, out += plane) {
    const g0 = v128.load(at);
    const g1 = v128.load(at, 96);
    const g2 = v128.load(at, 192);
    const g3 = v128.load(at, 288);
    v128.store(out, g0);
    storePoints(out + step, g0, g1, g2, g3, h, e, step);
    v128.store(out + 5 * step, g3);
  }
}

// of the four points other than 0 and infinity
// @ts-ignore: decorator
@inline
function storePoints(out: usize, g0: v128, g1: v128, g2: v128, g3: v128, h: v128, e: v128, step: usize): void {
  let even = f32x4.add(g0, f32x4.mul(g2, h));
  let odd = f32x4.mul(e, f32x4.add(g1, f32x4.mul(g3, h)));
  v128.store(out, f32x4.add(even, odd));
  v128.store(out + step, f32x4.sub(even, odd));
  even = f32x4.add(g0, twice(g2));
  odd = f32x4.add(g1, twice(g3));
  odd = f32x4.mul(e, twice(odd));
  v128.store(out + 2 * step, f32x4.add(even, odd));
  v128.store(out + 3 * step, f32x4.sub(even, odd));
}
