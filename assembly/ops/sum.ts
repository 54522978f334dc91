import { highHalf, lowHalf, sumF64 } from "../inline/lanes";

/** out[o, i] = factor * sum over k of a[o, k, i], for a[outer, n, inner]; accumulated in float64. */
export function sum_f32(a: usize, out: usize, outer: u32, n: u32, inner: u32, factor: f64): void {
  const stride = (inner as usize) << 2;
  const block = stride * (n as usize);
  for (let o: u32 = 0; o < outer; o++) {
    if (inner == 1) {
      store<f32>(out, (sumRow(a, n) * factor) as f32);
    } else {
      let i: usize = 0;
      for (; i + 64 <= stride; i += 64) sumLine(a + i, stride, block, out + i, factor);
      for (; i + 16 <= stride; i += 16) {
        let low = f64x2.splat(0);
        let high = f64x2.splat(0);
        for (let p = a + i, end = a + i + block; p < end; p += stride) {
          const v = v128.load(p);
          low = f64x2.add(low, lowHalf(v));
          high = f64x2.add(high, highHalf(v));
        }
        storeScaled(out + i, low, high, factor);
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

// sixteen sums side by side: a line of the cache is read once
function sumLine(a: usize, stride: usize, block: usize, out: usize, factor: f64): void {
  let low0 = f64x2.splat(0);
  let high0 = f64x2.splat(0);
  let low1 = f64x2.splat(0);
  let high1 = f64x2.splat(0);
  let low2 = f64x2.splat(0);
  let high2 = f64x2.splat(0);
  let low3 = f64x2.splat(0);
  let high3 = f64x2.splat(0);
  for (const end = a + block; a < end; a += stride) {
    let v = v128.load(a);
    low0 = f64x2.add(low0, lowHalf(v));
    high0 = f64x2.add(high0, highHalf(v));
    v = v128.load(a, 16);
    low1 = f64x2.add(low1, lowHalf(v));
    high1 = f64x2.add(high1, highHalf(v));
    v = v128.load(a, 32);
    low2 = f64x2.add(low2, lowHalf(v));
    high2 = f64x2.add(high2, highHalf(v));
    v = v128.load(a, 48);
    low3 = f64x2.add(low3, lowHalf(v));
    high3 = f64x2.add(high3, highHalf(v));
  }
  storeScaled(out, low0, high0, factor);
  storeScaled(out + 16, low1, high1, factor);
  storeScaled(out + 32, low2, high2, factor);
  storeScaled(out + 48, low3, high3, factor);
}

// @ts-ignore: decorator
@inline
function storeScaled(out: usize, low: v128, high: v128, factor: f64): void {
  store<f32>(out, (f64x2.extract_lane(low, 0) * factor) as f32);
  store<f32>(out, (f64x2.extract_lane(low, 1) * factor) as f32, 4);
  store<f32>(out, (f64x2.extract_lane(high, 0) * factor) as f32, 8);
  store<f32>(out, (f64x2.extract_lane(high, 1) * factor) as f32, 12);
}

// in four sums, as each addition waits for the one before it
function sumRow(a: usize, n: u32): f64 {
  const end = a + ((n as usize) << 2);
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  let otherLow = f64x2.splat(0);
  let otherHigh = f64x2.splat(0);
  for (; a + 32 <= end; a += 32) {
    const v = v128.load(a);
    const w = v128.load(a, 16);
    low = f64x2.add(low, lowHalf(v));
    high = f64x2.add(high, highHalf(v));
    otherLow = f64x2.add(otherLow, lowHalf(w));
    otherHigh = f64x2.add(otherHigh, highHalf(w));
  }
  let total = sumF64(f64x2.add(f64x2.add(low, otherLow), f64x2.add(high, otherHigh)));
  for (; a < end; a += 4) total += load<f32>(a) as f64;
  return total;
}
