import { highHalf, lowHalf, readLanes, writeLanes } from "../inline/lanes";

/** out[i] = a[i]^exponent, computed in float64. */
export function pow_f32(a: usize, exponent: f64, out: usize, n: u32): void {
  const end = a + ((n as usize) << 2);
  if (!isSimple(exponent)) {
    for (; a < end; a += 4, out += 4) store<f32>(out, NativeMath.pow(load<f32>(a) as f64, exponent) as f32);
    return;
  }
  let single = false;
  for (; a < end; a += single ? 4 : 16, out += single ? 4 : 16) {
    single = a + 16 > end;
    const x = readLanes(a, single);
    writeLanes(out, joined(power2(lowHalf(x), exponent), power2(highHalf(x), exponent)), single);
  }
}

/** out[i] = upstream[i] * exponent * a[i]^(exponent - 1); 0 where the exponent is 0. `out` may be `upstream`. */
export function powGrad_f32(a: usize, exponent: f64, upstream: usize, out: usize, n: u32): void {
  const bytes = (n as usize) << 2;
  const end = a + bytes;
  const less = exponent - 1;
  if (exponent == 0) {
    memory.fill(out, 0, bytes);
    return;
  }
  if (!isSimple(less)) {
    for (; a < end; a += 4, upstream += 4, out += 4) {
      store<f32>(out, ((load<f32>(upstream) as f64) * exponent * NativeMath.pow(load<f32>(a) as f64, less)) as f32);
    }
    return;
  }
  let single = false;
  for (; a < end; ) {
    single = a + 16 > end;
    const x = readLanes(a, single);
    const g = readLanes(upstream, single);
    const factor = f64x2.splat(exponent);
    const low = f64x2.mul(lowHalf(g), f64x2.mul(factor, power2(lowHalf(x), less)));
    const high = f64x2.mul(highHalf(g), f64x2.mul(factor, power2(highHalf(x), less)));
    writeLanes(out, joined(low, high), single);
    const step: usize = single ? 4 : 16;
    a += step;
    upstream += step;
    out += step;
  }
}

// whether the power is a product of at most 8 numbers, a root, or the reciprocal of one of these. No such product of float32 overflows in
// float64 unless the power does in float32.
function isSimple(exponent: f64): bool {
  const size = Math.abs(exponent);
  return size == 0.5 || (size <= 8 && Math.floor(size) == size);
}

// x^exponent, for an exponent that is simple
// @ts-ignore: decorator
@inline
function power2(x: v128, exponent: f64): v128 {
  const size = Math.abs(exponent);
  let y = f64x2.splat(1);
  if (size == 0.5) {
    // unlike the root of it, the power of -infinity is infinity, and that of -0 is 0
    const infinite = f64x2.eq(x, f64x2.splat(-Infinity));
    y = v128.bitselect(f64x2.splat(Infinity), f64x2.sqrt(f64x2.add(x, f64x2.splat(0))), infinite);
  } else {
    for (let k: f64 = 0; k < size; k++) y = f64x2.mul(y, x);
  }
  return exponent < 0 ? f64x2.div(f64x2.splat(1), y) : y;
}

// @ts-ignore: decorator
@inline
function joined(low: v128, high: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}
