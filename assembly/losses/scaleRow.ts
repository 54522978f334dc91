/** out[i] = a[i] * factor for exactly `n` elements, wherever the row begins: what lies behind it stays. */
export function scaleRow_f32(a: usize, factor: f32, out: usize, n: u32): void {
  const f = f32x4.splat(factor);
  const bytes = (n as usize) << 2;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(out + i, f32x4.mul(v128.load(a + i), f));
  for (; i < bytes; i += 4) store<f32>(out + i, load<f32>(a + i) * factor);
}
