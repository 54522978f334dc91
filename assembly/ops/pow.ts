/** out[i] = a[i]^exponent, computed in float64. */
export function pow_f32(a: usize, exponent: f64, out: usize, n: u32): void {
  const bytes = (n as usize) << 2;
  for (let i: usize = 0; i < bytes; i += 4) {
    store<f32>(out + i, NativeMath.pow(load<f32>(a + i) as f64, exponent) as f32);
  }
}

/** out[i] = upstream[i] * exponent * a[i]^(exponent - 1); 0 where the exponent is 0. */
export function powGrad_f32(a: usize, exponent: f64, upstream: usize, out: usize, n: u32): void {
  const bytes = (n as usize) << 2;
  if (exponent == 0) {
    memory.fill(out, 0, bytes);
    return;
  }
  for (let i: usize = 0; i < bytes; i += 4) {
    const derivative = exponent * NativeMath.pow(load<f32>(a + i) as f64, exponent - 1);
    store<f32>(out + i, ((load<f32>(upstream + i) as f64) * derivative) as f32);
  }
}
