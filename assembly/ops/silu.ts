import { sigmoid4 } from "../inline/math";

/** out[i] = a[i] / (1 + e^-a[i]); whole vectors. */
export function silu_f32(a: usize, out: usize, n: u32): void {
  const bytes = (n as usize) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const x = v128.load(a + i);
    v128.store(out + i, f32x4.mul(x, sigmoid4(x)));
  }
}

/** out[i] = upstream[i] * p (1 + s[i] (1 - p)), with s the input and p = 1 / (1 + e^-s[i]); whole vectors. */
export function siluGrad_f32(saved: usize, upstream: usize, out: usize, n: u32): void {
  const bytes = (n as usize) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const s = v128.load(saved + i);
    const g = v128.load(upstream + i);
    const p = sigmoid4(s);
    const one = f32x4.splat(1);
    v128.store(out + i, f32x4.mul(g, f32x4.mul(p, f32x4.add(one, f32x4.mul(s, f32x4.sub(one, p))))));
  }
}
