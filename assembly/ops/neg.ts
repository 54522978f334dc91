/** out[i] = -a[i]; whole vectors. */
export function neg_f32(a: usize, out: usize, n: u32): void {
  const bytes = (n as usize) << 2;
  for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, f32x4.neg(v128.load(a + i)));
}
