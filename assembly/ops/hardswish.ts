/** out[i] = a[i] * min(max(a[i] + 3, 0), 6) / 6; whole vectors. */
export function hardswish_f32(a: usize, out: usize, n: u32): void {
  const bytes = (n as usize) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const x = v128.load(a + i);
    const gate = f32x4.pmin(f32x4.pmax(f32x4.add(x, f32x4.splat(3)), f32x4.splat(0)), f32x4.splat(6));
    // the division comes first, as a large number times 6 would overflow
    v128.store(out + i, f32x4.mul(x, f32x4.div(gate, f32x4.splat(6))));
  }
}

/** out[i] = upstream[i] * d, with d = 0 up to -3, 1 from 3 on, and s[i] / 3 + 1/2 between, s the input; whole vectors. */
export function hardswishGrad_f32(saved: usize, upstream: usize, out: usize, n: u32): void {
  const bytes = (n as usize) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const s = v128.load(saved + i);
    const g = v128.load(upstream + i);
    const middle = f32x4.mul(g, f32x4.add(f32x4.div(s, f32x4.splat(3)), f32x4.splat(0.5)));
    const value = v128.bitselect(g, middle, f32x4.ge(s, f32x4.splat(3)));
    v128.store(out + i, v128.andnot(value, f32x4.le(s, f32x4.splat(-3))));
  }
}
