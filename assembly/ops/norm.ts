// The passes of groupNorm and batchNorm. Both see a tensor as [batch, units, n]: what they add up, and scale alike, is a unit, the planes
// of n elements at all batch entries. A unit of batchNorm is a channel. groupNorm has a batch of 1; its units are groups of channels for
// the moments, and single channels afterwards. A call may take some of the units; `stride` bytes lie between two entries of the batch.
import { held } from "../inline/held";
import { highHalf, lowHalf, sumF64 } from "../inline/lanes";

/**
 * moments[u] = the mean and the variance, two float64, of unit u; 0 where it is empty. Sums are of differences from a mean of some elements,
 * so that a mean far from 0 costs the variance no digits: sixteen neighbours in float32, the rest in float64.
 */
export function normMoments_f32(x: usize, moments: usize, batch: u32, units: u32, n: u32, stride: usize): void {
  const bytes = (n as usize) << 2;
  const count = max((batch as f64) * (n as f64), 1);
  for (let u: u32 = 0; u < units; u++) {
    const pivot: f32 = batch == 0 || n == 0 ? 0 : meanOfSome(x, n);
    addDifferences(x, moments, batch, n, stride, pivot);
    const shift = load<f64>(moments) / count;
    const square = load<f64>(moments, 8) / count;
    store<f64>(moments, (pivot as f64) + shift);
    store<f64>(moments, max(square - shift * shift, 0), 8);
    x += bytes;
    moments += 16;
  }
}

// of elements all over the first batch entry, as those at its border may be unlike the others
function meanOfSome(x: usize, n: u32): f32 {
  const step = max<u32>(1, n / SAMPLES);
  let sum: f64 = 0;
  let count: f64 = 0;
  for (let i: u32 = 0; i < n; i += step) {
    sum += load<f32>(x + ((i as usize) << 2)) as f64;
    count += 1;
  }
  return (sum / count) as f32;
}

const SAMPLES: u32 = 64;

// sums = the sum of x - pivot, and that of its square
function addDifferences(x: usize, sums: usize, batch: u32, n: u32, stride: usize, pivot: f32): void {
  const pivots = held(f32x4.splat(pivot));
  let sum = f64x2.splat(0);
  let squares = f64x2.splat(0);
  let otherSum = f64x2.splat(0);
  let otherSquares = f64x2.splat(0);
  for (let b: u32 = 0; b < batch; b++) {
    let at = x + stride * (b as usize);
    const end = at + ((n as usize) << 2);
    for (; at + 64 <= end; at += 64) {
      const d0 = f32x4.sub(v128.load(at), pivots);
      const d1 = f32x4.sub(v128.load(at, 16), pivots);
      const d2 = f32x4.sub(v128.load(at, 32), pivots);
      const d3 = f32x4.sub(v128.load(at, 48), pivots);
      const d = f32x4.add(f32x4.add(d0, d1), f32x4.add(d2, d3));
      const q = f32x4.add(f32x4.add(f32x4.mul(d0, d0), f32x4.mul(d1, d1)), f32x4.add(f32x4.mul(d2, d2), f32x4.mul(d3, d3)));
      sum = f64x2.add(sum, lowHalf(d));
      otherSum = f64x2.add(otherSum, highHalf(d));
      squares = f64x2.add(squares, lowHalf(q));
      otherSquares = f64x2.add(otherSquares, highHalf(q));
    }
    for (; at < end; at += 4) {
      const d = f64x2.replace_lane(f64x2.splat(0), 0, (load<f32>(at) as f64) - (pivot as f64));
      sum = f64x2.add(sum, d);
      squares = f64x2.add(squares, f64x2.mul(d, d));
    }
  }
  store<f64>(sums, sumF64(f64x2.add(sum, otherSum)));
  store<f64>(sums, sumF64(f64x2.add(squares, otherSquares)), 8);
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
