// G^T s G: the gradient of 3 x 3 weights from the products of a block, of four channels at a time.

import { highHalf, lowHalf } from "../../../inline/lanes";
import { root, sixth, third, twice } from "./constants";

/**
 * Adds the 36 vectors at `s`, 128 bytes apart, to nine rows of float64 sums, `step` bytes apart. `rows` is scratch for 18 vectors.
 */
export function transformGradient(s: usize, rows: usize, sums: usize, step: usize): void {
  for (let i: usize = 0; i < 6; i++) combineSix(s + 128 * i, 768, rows + 16 * i, 96);
  for (let i: usize = 0; i < 3; i++) {
    const at = rows + 96 * i;
    // in place: all six are read before the first is written
    combineSix(at, 16, at, 16);
    for (let j: usize = 0; j < 48; j += 16, sums += step) addVector(sums, v128.load(at + j));
  }
}

// six vectors, `step` bytes apart, to three
function combineSix(at: usize, step: usize, out: usize, outStep: usize): void {
  const s1 = v128.load(at + step);
  const s2 = v128.load(at + 2 * step);
  const s3 = v128.load(at + 3 * step);
  const s4 = v128.load(at + 4 * step);
  const first = v128.load(at);
  const last = v128.load(at + 5 * step);
  const near = f32x4.mul(f32x4.add(s1, s2), third());
  const far = f32x4.mul(f32x4.add(s3, s4), sixth());
  const nearOdd = f32x4.mul(twice(f32x4.sub(s2, s1)), third());
  const farOdd = f32x4.mul(twice(f32x4.sub(s3, s4)), sixth());
  v128.store(out, f32x4.add(first, f32x4.sub(far, twice(near))));
  v128.store(out + outStep, f32x4.mul(root(), f32x4.add(nearOdd, farOdd)));
  v128.store(out + 2 * outStep, f32x4.add(last, f32x4.sub(twice(far), near)));
}

function addVector(sums: usize, v: v128): void {
  v128.store(sums, f64x2.add(v128.load(sums), lowHalf(v)));
  v128.store(sums, f64x2.add(v128.load(sums, 16), highHalf(v)), 16);
}
