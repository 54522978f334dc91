/** out[o, k, i] = sum of a[o, j, i] over j <= k (over j >= k where `reverse`), for [outer, n, inner]; float64 inside. */
export function cumsum_f32(a: usize, out: usize, outer: u32, n: u32, inner: u32, reverse: bool): void {
  const stride = (inner as usize) << 2;
  const block = stride * (n as usize);
  const step: isize = reverse ? -(stride as isize) : (stride as isize);
  const start: usize = reverse ? block - stride : 0;
  for (let o: u32 = 0; o < outer; o++) {
    for (let i: usize = 0; i < stride; i += 4) {
      let at = start + i;
      let total: f64 = 0;
      for (let k: u32 = 0; k < n; k++) {
        total += load<f32>(a + at) as f64;
        store<f32>(out + at, total as f32);
        at += step;
      }
    }
    a += block;
    out += block;
  }
}
