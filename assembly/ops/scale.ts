/** out[i] = a[i] * factor; whole vectors. `out` may be `a`. */
export function scale_f32(a: usize, factor: f32, out: usize, n: u32): void {
  const f = f32x4.splat(factor);
  const bytes = (n as usize) << 2;
  for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, f32x4.mul(v128.load(a + i), f));
}

/** a[i] += b[i] * factor; whole vectors. */
export function addScaled_f32(a: usize, b: usize, factor: f32, n: u32): void {
  const f = f32x4.splat(factor);
  const bytes = (n as usize) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(a + i, f32x4.add(v128.load(a + i), f32x4.mul(v128.load(b + i), f)));
  }
}
