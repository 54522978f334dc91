import { log4 } from "../inline/math";

/** out[i] = ln a[i]; whole vectors. */
export function log_f32(a: usize, out: usize, n: u32): void {
  const bytes = (n as usize) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const x = v128.load(a + i);
    v128.store(out + i, log4(x));
  }
}

/** out[i] = upstream[i] * 1 / s[i], with s the input; whole vectors. */
export function logGrad_f32(saved: usize, upstream: usize, out: usize, n: u32): void {
  const bytes = (n as usize) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const s = v128.load(saved + i);
    const g = v128.load(upstream + i);
    v128.store(out + i, f32x4.div(g, s));
  }
}
