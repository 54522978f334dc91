/** out[i] = max(a[i], 0), NaN for NaN; whole vectors. */
export function relu_f32(a: usize, out: usize, n: u32): void {
  const bytes = (n as usize) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const x = v128.load(a + i);
    v128.store(out + i, f32x4.max(x, f32x4.splat(0)));
  }
}

/** out[i] = upstream[i] * (s[i] > 0), with s the input or the output; whole vectors. `out` may be `upstream`. */
export function reluGrad_f32(saved: usize, upstream: usize, out: usize, n: u32): void {
  const bytes = (n as usize) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const s = v128.load(saved + i);
    const g = v128.load(upstream + i);
    v128.store(out + i, v128.and(g, f32x4.gt(s, f32x4.splat(0))));
  }
}
