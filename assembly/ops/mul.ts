/** out[i] = a[i] * b[i]; whole vectors, so all three are padded as `allocate` pads. */
export function mul_f32(a: usize, b: usize, out: usize, n: u32): void {
  const bytes = (n as usize) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(out + i, f32x4.mul(v128.load(a + i), v128.load(b + i)));
  }
}
