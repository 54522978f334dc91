// The products of all 36 planes.

import { mulAdd } from "../../../inline/mulAdd";

/**
 * out[36, 4, 8] = the sum over `steps`, at least 1, of u[36, steps, 4] times v[36, steps, 8]; `uPlane` and `vPlane` are bytes from plane to
 * plane. The sums stand in pairs that share a number of u, as in multiply.ts, and the first step is no sum.
 */
export function multiplyPlanes(v: usize, vPlane: usize, u: usize, uPlane: usize, steps: u32, out: usize): void {
  const last = out + 36 * 128;
  const bytes = (steps as usize) << 4;
  for (; out < last; out += 128, v += vPlane, u += uPlane) {
    let p = v;
    let q = u;
    const end = q + bytes;
    let left = v128.load(p);
    let right = v128.load(p, 16);
    let w = v128.load32_splat(q);
    let a0 = f32x4.mul(w, left);
    let b0 = f32x4.mul(w, right);
    w = v128.load32_splat(q, 4);
    let a1 = f32x4.mul(w, left);
    let b1 = f32x4.mul(w, right);
    w = v128.load32_splat(q, 8);
    let a2 = f32x4.mul(w, left);
    let b2 = f32x4.mul(w, right);
    w = v128.load32_splat(q, 12);
    let a3 = f32x4.mul(w, left);
    let b3 = f32x4.mul(w, right);
    for (q += 16; q < end; q += 16) {
      p += 32;
      left = v128.load(p);
      right = v128.load(p, 16);
      w = v128.load32_splat(q);
      a0 = mulAdd(a0, w, left);
      b0 = mulAdd(b0, w, right);
      w = v128.load32_splat(q, 4);
      a1 = mulAdd(a1, w, left);
      b1 = mulAdd(b1, w, right);
      w = v128.load32_splat(q, 8);
      a2 = mulAdd(a2, w, left);
      b2 = mulAdd(b2, w, right);
      w = v128.load32_splat(q, 12);
      a3 = mulAdd(a3, w, left);
      b3 = mulAdd(b3, w, right);
    }
    v128.store(out, a0);
    v128.store(out, b0, 16);
    v128.store(out, a1, 32);
    v128.store(out, b1, 48);
    v128.store(out, a2, 64);
    v128.store(out, b2, 80);
    v128.store(out, a3, 96);
    v128.store(out, b3, 112);
  }
}
