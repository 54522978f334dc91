/** out[i] = min(max(a[i], 0), 6), with NaN for NaN and -0 for -0; whole vectors. */
export function relu6_f32(a: usize, out: usize, n: u32): void {
  const bytes = (n as usize) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    // pmax and pmin keep their left operand where it is NaN or equal
    const x = f32x4.pmax(v128.load(a + i), f32x4.splat(0));
    v128.store(out + i, f32x4.pmin(x, f32x4.splat(6)));
  }
}

/** out[i] = upstream[i] * (0 < s[i] < 6), with s the input or the output; whole vectors. `out` may be `upstream`. */
export function relu6Grad_f32(saved: usize, upstream: usize, out: usize, n: u32): void {
  const bytes = (n as usize) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const s = v128.load(saved + i);
    const g = v128.load(upstream + i);
    const inside = v128.and(f32x4.gt(s, f32x4.splat(0)), f32x4.lt(s, f32x4.splat(6)));
    v128.store(out + i, v128.and(g, inside));
  }
}
