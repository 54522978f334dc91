// The loops of groupNorm and batchNorm over a row of neighbouring elements. Sums are of sixteen neighbours in float32, the rest in float64;
// each function returns them by a pointer to two float64, to which it adds.
import { held } from "../inline/held";
import { highHalf, lowHalf, sumF64 } from "../inline/lanes";

/** sums += the sum of x - pivot, and that of its square, over the `bytes` behind `x`. */
export function addDifferences(x: usize, bytes: usize, pivot: f32, sums: usize): void {
  const pivots = held(f32x4.splat(pivot));
  let sum = f64x2.splat(0);
  let squares = f64x2.splat(0);
  let otherSum = f64x2.splat(0);
  let otherSquares = f64x2.splat(0);
  const end = x + bytes;
  for (; x + 64 <= end; x += 64) {
    const d0 = f32x4.sub(v128.load(x), pivots);
    const d1 = f32x4.sub(v128.load(x, 16), pivots);
    const d2 = f32x4.sub(v128.load(x, 32), pivots);
    const d3 = f32x4.sub(v128.load(x, 48), pivots);
    const d = f32x4.add(f32x4.add(d0, d1), f32x4.add(d2, d3));
    const q = f32x4.add(f32x4.add(f32x4.mul(d0, d0), f32x4.mul(d1, d1)), f32x4.add(f32x4.mul(d2, d2), f32x4.mul(d3, d3)));
    sum = f64x2.add(sum, lowHalf(d));
    otherSum = f64x2.add(otherSum, highHalf(d));
    squares = f64x2.add(squares, lowHalf(q));
    otherSquares = f64x2.add(otherSquares, highHalf(q));
  }
  let total: f64 = 0;
  let square: f64 = 0;
  for (; x < end; x += 4) {
    const d = (load<f32>(x) as f64) - (pivot as f64);
    total += d;
    square += d * d;
  }
  addTo(sums, f64x2.add(sum, otherSum), f64x2.add(squares, otherSquares), total, square);
}

/** sums += the sum of g, and that of g (x - centre), over the `bytes` behind both. */
export function addProducts(g: usize, x: usize, bytes: usize, centre: f32, sums: usize): void {
  const centres = held(f32x4.splat(centre));
  let sum = f64x2.splat(0);
  let products = f64x2.splat(0);
  let otherSum = f64x2.splat(0);
  let otherProducts = f64x2.splat(0);
  const end = g + bytes;
  for (; g + 64 <= end; g += 64) {
    const g0 = v128.load(g);
    const g1 = v128.load(g, 16);
    const g2 = v128.load(g, 32);
    const g3 = v128.load(g, 48);
    const s = f32x4.add(f32x4.add(g0, g1), f32x4.add(g2, g3));
    const p0 = f32x4.mul(g0, f32x4.sub(v128.load(x), centres));
    const p1 = f32x4.mul(g1, f32x4.sub(v128.load(x, 16), centres));
    const p2 = f32x4.mul(g2, f32x4.sub(v128.load(x, 32), centres));
    const p3 = f32x4.mul(g3, f32x4.sub(v128.load(x, 48), centres));
    const p = f32x4.add(f32x4.add(p0, p1), f32x4.add(p2, p3));
    sum = f64x2.add(sum, lowHalf(s));
    otherSum = f64x2.add(otherSum, highHalf(s));
    products = f64x2.add(products, lowHalf(p));
    otherProducts = f64x2.add(otherProducts, highHalf(p));
    x += 64;
  }
  let total: f64 = 0;
  let product: f64 = 0;
  for (; g < end; g += 4, x += 4) {
    const v = load<f32>(g) as f64;
    total += v;
    product += v * ((load<f32>(x) - centre) as f64);
  }
  addTo(sums, f64x2.add(sum, otherSum), f64x2.add(products, otherProducts), total, product);
}

// @ts-ignore: decorator
@inline
function addTo(sums: usize, first: v128, second: v128, firstRest: f64, secondRest: f64): void {
  store<f64>(sums, load<f64>(sums) + sumF64(first) + firstRest);
  store<f64>(sums, load<f64>(sums, 8) + sumF64(second) + secondRest, 8);
}

/** out = (x - centre) factor + shift over `bytes`; `out` may be `x`. */
export function scaleRow(x: usize, out: usize, bytes: usize, centre: f32, factor: f32, shift: f32): void {
  const centres = held(f32x4.splat(centre));
  const factors = held(f32x4.splat(factor));
  const shifts = held(f32x4.splat(shift));
  const end = x + bytes;
  for (; x + 32 <= end; x += 32) {
    v128.store(out, f32x4.add(f32x4.mul(f32x4.sub(v128.load(x), centres), factors), shifts));
    v128.store(out, f32x4.add(f32x4.mul(f32x4.sub(v128.load(x, 16), centres), factors), shifts), 16);
    out += 32;
  }
  for (; x < end; x += 4, out += 4) store<f32>(out, (load<f32>(x) - centre) * factor + shift);
}

/** out = g scale + (x - centre) factor + shift over `bytes`; `out` may be `g`. */
export function blendRow(g: usize, x: usize, out: usize, bytes: usize, scale: f32, centre: f32, factor: f32, shift: f32): void {
  const scales = held(f32x4.splat(scale));
  const centres = held(f32x4.splat(centre));
  const factors = held(f32x4.splat(factor));
  const shifts = held(f32x4.splat(shift));
  const end = g + bytes;
  for (; g + 16 <= end; g += 16, x += 16, out += 16) {
    const d = f32x4.mul(f32x4.sub(v128.load(x), centres), factors);
    v128.store(out, f32x4.add(f32x4.add(f32x4.mul(v128.load(g), scales), d), shifts));
  }
  for (; g < end; g += 4, x += 4, out += 4) {
    store<f32>(out, load<f32>(g) * scale + (load<f32>(x) - centre) * factor + shift);
  }
}
