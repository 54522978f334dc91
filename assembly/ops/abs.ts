/** out[i] = |a[i]|; whole vectors. */
export function abs_f32(a: usize, out: usize, n: u32): void {
  const bytes = (n as usize) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const x = v128.load(a + i);
    v128.store(out + i, f32x4.abs(x));
  }
}

/** out[i] = upstream[i] * sign(s[i]), 0 at 0, with s the input; whole vectors. */
export function absGrad_f32(saved: usize, upstream: usize, out: usize, n: u32): void {
  const bytes = (n as usize) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const s = v128.load(saved + i);
    const g = v128.load(upstream + i);
    v128.store(out + i, v128.bitselect(v128.xor(g, v128.and(s, i32x4.splat(0x80000000))), f32x4.splat(0), f32x4.ne(s, f32x4.splat(0))));
  }
}
