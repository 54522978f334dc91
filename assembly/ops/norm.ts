// The passes of groupNorm and batchNorm. Both see a tensor as [batch, units, n]: what they add up, and scale alike, is a unit, the planes
// of n elements at all batch entries. A unit of batchNorm is a channel. groupNorm has a batch of 1; its units are groups of channels for
// the moments, and single channels afterwards. A call may take some of the units; `stride` bytes lie between two entries of the batch.
import { held } from "../inline/held";
import { highHalf, lowHalf, sumF64 } from "../inline/lanes";

/**
 * moments[u] = the mean and the variance, two float64, of unit u; 0 where it is empty. Sums are of differences from the first element, in
 * float64, so that a mean far from 0 costs the variance no digits.
 */
export function normMoments_f32(x: usize, moments: usize, batch: u32, units: u32, n: u32, stride: usize): void {
  const bytes = (n as usize) << 2;
  const isEmpty = batch == 0 || n == 0;
  const count = max((batch as f64) * (n as f64), 1);
  for (let u: u32 = 0; u < units; u++) {
    const first = isEmpty ? 0 : (load<f32>(x) as f64);
    const pivot = held(f64x2.splat(first));
    let sum = f64x2.splat(0);
    let squares = f64x2.splat(0);
    for (let b: u32 = 0; b < batch; b++) {
      let at = x + stride * (b as usize);
      const end = at + bytes;
      let otherSum = f64x2.splat(0);
      let otherSquares = f64x2.splat(0);
      for (; at + 16 <= end; at += 16) {
        const v = v128.load(at);
        const low = f64x2.sub(lowHalf(v), pivot);
        const high = f64x2.sub(highHalf(v), pivot);
        sum = f64x2.add(sum, low);
        otherSum = f64x2.add(otherSum, high);
        squares = f64x2.add(squares, f64x2.mul(low, low));
        otherSquares = f64x2.add(otherSquares, f64x2.mul(high, high));
      }
      for (; at < end; at += 4) {
        const d = f64x2.replace_lane(f64x2.splat(0), 0, (load<f32>(at) as f64) - first);
        sum = f64x2.add(sum, d);
        squares = f64x2.add(squares, f64x2.mul(d, d));
      }
      sum = f64x2.add(sum, otherSum);
      squares = f64x2.add(squares, otherSquares);
    }
    const shift = sumF64(sum) / count;
    store<f64>(moments, first + shift);
    store<f64>(moments, max(sumF64(squares) / count - shift * shift, 0), 8);
    x += bytes;
    moments += 16;
  }
}

/** sums[u] = sum of g, and sum of g (x - coefficients[u][0]), two float64, over unit u. */
export function normGradSums_f32(
  g: usize,
  x: usize,
  coefficients: usize,
  sums: usize,
  batch: u32,
  units: u32,
  n: u32,
  stride: usize,
): void {
  const bytes = (n as usize) << 2;
  for (let u: u32 = 0; u < units; u++) {
    const centre = v128.load32_splat(coefficients);
    let sum = f64x2.splat(0);
    let products = f64x2.splat(0);
    for (let b: u32 = 0; b < batch; b++) {
      const start = stride * (b as usize);
      const end = start + bytes;
      let otherSum = f64x2.splat(0);
      let otherProducts = f64x2.splat(0);
      let i = start;
      for (; i + 16 <= end; i += 16) {
        const v = v128.load(g + i);
        const d = f32x4.sub(v128.load(x + i), centre);
        const low = lowHalf(v);
        const high = highHalf(v);
        sum = f64x2.add(sum, low);
        otherSum = f64x2.add(otherSum, high);
        products = f64x2.add(products, f64x2.mul(low, lowHalf(d)));
        otherProducts = f64x2.add(otherProducts, f64x2.mul(high, highHalf(d)));
      }
      for (; i < end; i += 4) {
        const v = lowHalf(v128.load32_zero(g + i));
        const d = lowHalf(f32x4.sub(v128.load32_zero(x + i), centre));
        sum = f64x2.add(sum, v);
        products = f64x2.add(products, f64x2.mul(v, d));
      }
      sum = f64x2.add(sum, otherSum);
      products = f64x2.add(products, otherProducts);
    }
    store<f64>(sums, sumF64(sum));
    store<f64>(sums, sumF64(products), 8);
    g += bytes;
    x += bytes;
    coefficients += 16;
    sums += 16;
  }
}

/** out = (x - centre) factor + shift, with `coefficients` [units, 4]: centre, factor, shift, and one that is not read. */
export function normScale_f32(x: usize, coefficients: usize, out: usize, batch: u32, units: u32, n: u32, stride: usize): void {
  const bytes = (n as usize) << 2;
  for (let b: u32 = 0; b < batch; b++) {
    let row = coefficients;
    let i = stride * (b as usize);
    for (let u: u32 = 0; u < units; u++) {
      const centre = v128.load32_splat(row);
      const factor = v128.load32_splat(row, 4);
      const shift = v128.load32_splat(row, 8);
      const end = i + bytes;
      for (; i + 16 <= end; i += 16) {
        v128.store(out + i, f32x4.add(f32x4.mul(f32x4.sub(v128.load(x + i), centre), factor), shift));
      }
      for (; i < end; i += 4) {
        store<f32>(out + i, (load<f32>(x + i) - load<f32>(row)) * load<f32>(row, 4) + load<f32>(row, 8));
      }
      row += 16;
    }
  }
}

/** out = g scale + (x - centre) factor + shift, with `coefficients` [units, 4]: centre, factor, shift, scale. */
export function normGrad_f32(g: usize, x: usize, coefficients: usize, out: usize, batch: u32, units: u32, n: u32, stride: usize): void {
  const bytes = (n as usize) << 2;
  for (let b: u32 = 0; b < batch; b++) {
    let row = coefficients;
    let i = stride * (b as usize);
    for (let u: u32 = 0; u < units; u++) {
      const centre = v128.load32_splat(row);
      const factor = v128.load32_splat(row, 4);
      const shift = v128.load32_splat(row, 8);
      const scale = v128.load32_splat(row, 12);
      const end = i + bytes;
      for (; i + 16 <= end; i += 16) {
        const d = f32x4.mul(f32x4.sub(v128.load(x + i), centre), factor);
        v128.store(out + i, f32x4.add(f32x4.add(f32x4.mul(v128.load(g + i), scale), d), shift));
      }
      for (; i < end; i += 4) {
        const d = (load<f32>(x + i) - load<f32>(row)) * load<f32>(row, 4);
        store<f32>(out + i, load<f32>(g + i) * load<f32>(row, 12) + d + load<f32>(row, 8));
      }
      row += 16;
    }
  }
}
