import { highHalf, lowHalf, sumF64 } from "../inline/lanes";

/** The sum of the squares of `n` elements, in float64. */
export function sumSquares_f32(a: usize, n: u32): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  const bytes = (n as usize) << 2;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    const v = v128.load(a + i);
    const left = lowHalf(v);
    const right = highHalf(v);
    low = f64x2.add(low, f64x2.mul(left, left));
    high = f64x2.add(high, f64x2.mul(right, right));
  }
  let total = sumF64(f64x2.add(low, high));
  for (; i < bytes; i += 4) {
    const x = load<f32>(a + i) as f64;
    total += x * x;
  }
  return total;
}
