import { highHalf, lowHalf } from "../inline/lanes";

/** out[o, i] = factor * sum over k of a[o, k, i], for a[outer, n, inner]; accumulated in float64. */
export function sum_f32(a: usize, out: usize, outer: u32, n: u32, inner: u32, factor: f64): void {
  const stride = (inner as usize) << 2;
  const block = stride * (n as usize);
  for (let o: u32 = 0; o < outer; o++) {
    if (inner == 1) {
      store<f32>(out, (sumRow(a, n) * factor) as f32);
    } else {
      let i: usize = 0;
      for (; i + 16 <= stride; i += 16) {
        let low = f64x2.splat(0);
        let high = f64x2.splat(0);
        for (let p = a + i, end = a + i + block; p < end; p += stride) {
          const v = v128.load(p);
          low = f64x2.add(low, lowHalf(v));
          high = f64x2.add(high, highHalf(v));
        }
        store<f32>(out + i, (f64x2.extract_lane(low, 0) * factor) as f32);
        store<f32>(out + i, (f64x2.extract_lane(low, 1) * factor) as f32, 4);
        store<f32>(out + i, (f64x2.extract_lane(high, 0) * factor) as f32, 8);
        store<f32>(out + i, (f64x2.extract_lane(high, 1) * factor) as f32, 12);
      }
      for (; i < stride; i += 4) {
        let total: f64 = 0;
        for (let p = a + i, end = a + i + block; p < end; p += stride) total += load<f32>(p) as f64;
        store<f32>(out + i, (total * factor) as f32);
      }
    }
    a += block;
    out += stride;
  }
}

function sumRow(a: usize, n: u32): f64 {
  const end = a + ((n as usize) << 2);
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (; a + 16 <= end; a += 16) {
    const v = v128.load(a);
    low = f64x2.add(low, lowHalf(v));
    high = f64x2.add(high, highHalf(v));
  }
  const both = f64x2.add(low, high);
  let total = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (; a < end; a += 4) total += load<f32>(a) as f64;
  return total;
}
