/** out[i] = a[i] where that is above 0, otherwise slope * a[i]; whole vectors. */
export function leakyRelu_f32(a: usize, slope: f32, out: usize, n: u32): void {
  const factor = f32x4.splat(slope);
  const bytes = (n as usize) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const x = v128.load(a + i);
    v128.store(out + i, v128.bitselect(x, f32x4.mul(x, factor), f32x4.gt(x, f32x4.splat(0))));
  }
}

/**
 * out[i] = upstream[i] where s[i] is above 0, otherwise slope * upstream[i], with s the input or, for a slope of at least 0, the output;
 * whole vectors. `out` may be `upstream`.
 */
export function leakyReluGrad_f32(saved: usize, slope: f32, upstream: usize, out: usize, n: u32): void {
  const factor = f32x4.splat(slope);
  const bytes = (n as usize) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const s = v128.load(saved + i);
    const g = v128.load(upstream + i);
    v128.store(out + i, v128.bitselect(g, f32x4.mul(g, factor), f32x4.gt(s, f32x4.splat(0))));
  }
}
