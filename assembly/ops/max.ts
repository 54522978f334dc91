/**
 * out[o, i] = the largest a[o, k, i] over k, and index[o, i] its first k, for a[outer, n, inner] with n at least 1.
 * NaN wins over every number.
 */
export function max_f32(a: usize, out: usize, index: usize, outer: u32, n: u32, inner: u32): void {
  const stride = (inner as usize) << 2;
  for (let o: u32 = 0; o < outer; o++) {
    for (let i: usize = 0; i < stride; i += 4) {
      let best = load<f32>(a + i);
      let at: u32 = 0;
      let p = a + i + stride;
      for (let k: u32 = 1; k < n && best == best; k++) {
        const v = load<f32>(p);
        if (v > best || v != v) {
          best = v;
          at = k;
        }
        p += stride;
      }
      store<f32>(out + i, best);
      store<u32>(index + i, at);
    }
    a += stride * (n as usize);
    out += stride;
    index += stride;
  }
}

/** out[o, index[o, i], i] = upstream[o, i], all else 0: the adjoint of `max_f32`. */
export function maxGrad_f32(upstream: usize, index: usize, out: usize, outer: u32, n: u32, inner: u32): void {
  const stride = (inner as usize) << 2;
  const block = stride * (n as usize);
  memory.fill(out, 0, block * (outer as usize));
  for (let o: u32 = 0; o < outer; o++) {
    for (let i: usize = 0; i < stride; i += 4) {
      store<f32>(out + i + stride * (load<u32>(index + i) as usize), load<f32>(upstream + i));
    }
    out += block;
    upstream += stride;
    index += stride;
  }
}
