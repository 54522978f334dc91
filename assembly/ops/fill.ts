/** out[i] = value; whole vectors. */
export function fill_f32(value: f32, out: usize, n: u32): void {
  const v = f32x4.splat(value);
  const bytes = (n as usize) << 2;
  for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, v);
}
