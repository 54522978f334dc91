/**
 * a[i] += weight * (b[i] - a[i]) for a `weight` from 0 to 1; whole vectors. As PyTorch's lerp, it starts from the nearer end, so that a
 * weight of 1 gives exactly `b`, and equal numbers stay as they are.
 */
export function lerp_f32(a: usize, b: usize, weight: f64, n: u32): void {
  const isNear = weight < 0.5;
  const from = isNear ? a : b;
  const factor = f32x4.splat((isNear ? weight : weight - 1) as f32);
  const bytes = (n as usize) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const step = f32x4.mul(f32x4.sub(v128.load(b + i), v128.load(a + i)), factor);
    v128.store(a + i, f32x4.add(v128.load(from + i), step));
  }
}
