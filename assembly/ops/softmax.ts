import { exp4, log4 } from "../inline/math";

/**
 * Softmax (`logarithm`: its logarithm) over the middle axis of a[outer, n, inner]. The largest logit is taken off first, so
 * no finite input overflows.
 */
export function softmax_f32(a: usize, out: usize, outer: u32, n: u32, inner: u32, logarithm: bool): void {
  const stride = (inner as usize) << 2;
  const block = stride * (n as usize);
  for (let o: u32 = 0; o < outer; o++) {
    let i: usize = 0;
    for (; i + 16 <= stride; i += 16) softmaxColumns(a + i, out + i, stride, block, logarithm);
    // the tail, one column at a time
    for (; i < stride; i += 4) softmaxColumn(a + i, out + i, stride, block, logarithm);
    a += block;
    out += block;
  }
}

function softmaxColumns(a: usize, out: usize, stride: usize, block: usize, logarithm: bool): void {
  let largest = v128.load(a);
  for (let k = stride; k < block; k += stride) largest = f32x4.max(largest, v128.load(a + k));
  let total = f32x4.splat(0);
  for (let k: usize = 0; k < block; k += stride) {
    const shifted = f32x4.sub(v128.load(a + k), largest);
    const e = exp4(shifted);
    v128.store(out + k, logarithm ? shifted : e);
    total = f32x4.add(total, e);
  }
  if (logarithm) {
    const shift = log4(total);
    for (let k: usize = 0; k < block; k += stride) v128.store(out + k, f32x4.sub(v128.load(out + k), shift));
  } else {
    const share = f32x4.div(f32x4.splat(1), total);
    for (let k: usize = 0; k < block; k += stride) v128.store(out + k, f32x4.mul(v128.load(out + k), share));
  }
}

function softmaxColumn(a: usize, out: usize, stride: usize, block: usize, logarithm: bool): void {
  let largest = load<f32>(a);
  for (let k = stride; k < block; k += stride) largest = max(largest, load<f32>(a + k));
  let total: f64 = 0;
  for (let k: usize = 0; k < block; k += stride) {
    const shifted = load<f32>(a + k) - largest;
    const e = f32x4.extract_lane(exp4(f32x4.splat(shifted)), 0);
    store<f32>(out + k, logarithm ? shifted : e);
    total += e as f64;
  }
  const shift = f32x4.extract_lane(log4(f32x4.splat(total as f32)), 0);
  const share = (1 / total) as f32;
  for (let k: usize = 0; k < block; k += stride) {
    const v = load<f32>(out + k);
    store<f32>(out + k, logarithm ? v - shift : v * share);
  }
}

/** The adjoint of softmax: out = y (g - sum of g y), y the softmax; of its logarithm y: out = g - e^y sum of g. */
export function softmaxGrad_f32(y: usize, upstream: usize, out: usize, outer: u32, n: u32, inner: u32, logarithm: bool): void {
  const stride = (inner as usize) << 2;
  const block = stride * (n as usize);
  for (let o: u32 = 0; o < outer; o++) {
    for (let i: usize = 0; i < stride; i += 4) {
      let total: f64 = 0;
      for (let k = i; k < block; k += stride) {
        const g = load<f32>(upstream + k) as f64;
        total += logarithm ? g : g * (load<f32>(y + k) as f64);
      }
      for (let k = i; k < block; k += stride) {
        const g = load<f32>(upstream + k);
        const v = load<f32>(y + k);
        const e = logarithm ? f32x4.extract_lane(exp4(f32x4.splat(v)), 0) : v;
        store<f32>(out + k, logarithm ? g - e * (total as f32) : e * (g - (total as f32)));
      }
    }
    y += block;
    upstream += block;
    out += block;
  }
}
