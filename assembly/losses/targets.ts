// Targets as the pixelwise losses read them: f32, one plane a class, -1 where the pixel is ignored.
import { highHalf, lowHalf, readLanes, sumF64, sumI32, writeLanes } from "../inline/lanes";

// So many bytes of labels are expanded to all classes before the next.
const PIECE: usize = 4096;

/**
 * Expands `n` i32 `labels` (-1: ignored) to `classes` planes, `plane` bytes apart: out[c, i] is 1 where the label is c, -1 where it is
 * ignored, else 0. With one class, a label is its own target.
 */
export function oneHot_f32(labels: usize, out: usize, classes: u32, n: u32, plane: usize): void {
  let bytes: usize = 0;
  for (let i: usize = 0, end = (n as usize) << 2; i < end; i += bytes) {
    bytes = min(PIECE, end - i);
    for (let c: u32 = 0, at = out + i; c < classes; c++, at += plane) {
      if (classes == 1) floats(labels + i, at, bytes);
      else expand(labels + i, at, bytes, c);
    }
  }
}

function floats(labels: usize, out: usize, bytes: usize): void {
  let single = false;
  for (let i: usize = 0; i < bytes; i += single ? 4 : 16) {
    single = i + 16 > bytes;
    writeLanes(out + i, f32x4.convert_i32x4_s(readLanes(labels + i, single)), single);
  }
}

function expand(labels: usize, out: usize, bytes: usize, c: i32): void {
  const own = i32x4.splat(c);
  let single = false;
  for (let i: usize = 0; i < bytes; i += single ? 4 : 16) {
    single = i + 16 > bytes;
    const label = readLanes(labels + i, single);
    // as masks: -1 where ignored, 1 where the class is this one
    const target = i32x4.sub(i32x4.shr_s(label, 31), i32x4.eq(label, own));
    writeLanes(out + i, f32x4.convert_i32x4_s(target), single);
  }
}

/** How many of `n` targets are not ignored. */
export function countKept_f32(targets: usize, n: u32): u32 {
  const end = targets + ((n as usize) << 2);
  const zero = f32x4.splat(0);
  let lanes = i32x4.splat(0);
  for (; targets + 16 <= end; targets += 16) lanes = i32x4.sub(lanes, f32x4.ge(v128.load(targets), zero));
  let kept: u32 = sumI32(lanes);
  for (; targets < end; targets += 4) kept += (load<f32>(targets) >= 0) as u32;
  return kept;
}

/** The sum of `n` targets that are not ignored. */
export function massOf_f32(targets: usize, n: u32): f64 {
  const end = targets + ((n as usize) << 2);
  const zero = f32x4.splat(0);
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (; targets + 16 <= end; targets += 16) {
    const kept = f32x4.pmax(v128.load(targets), zero);
    low = f64x2.add(low, lowHalf(kept));
    high = f64x2.add(high, highHalf(kept));
  }
  let total = sumF64(f64x2.add(low, high));
  for (; targets < end; targets += 4) total += max<f32>(load<f32>(targets), 0) as f64;
  return total;
}

/** Multiplies the targets that are not ignored by `weight`, then adds `addend`. */
export function weighTargets_f32(targets: usize, weight: f32, addend: f32, n: u32): void {
  const end = targets + ((n as usize) << 2);
  const zero = f32x4.splat(0);
  let single = false;
  for (; targets < end; targets += single ? 4 : 16) {
    single = targets + 16 > end;
    const t = readLanes(targets, single);
    const weighed = f32x4.add(f32x4.mul(t, f32x4.splat(weight)), f32x4.splat(addend));
    writeLanes(targets, v128.bitselect(weighed, t, f32x4.ge(t, zero)), single);
  }
}

/** Makes a pixel of targets [images, classes, pixels] that is ignored in one class ignored in all. */
export function ignoreTogether_f32(targets: usize, images: u32, classes: u32, pixels: u32): void {
  const plane = (pixels as usize) << 2;
  const block = plane * (classes as usize);
  for (let image: u32 = 0; image < images; image++) {
    for (let i: usize = 0; i < plane; i += 4) {
      let least: f32 = 0;
      for (let k = i; k < block; k += plane) least = min<f32>(least, load<f32>(targets + k));
      if (least < 0) for (let k = i; k < block; k += plane) store<f32>(targets + k, -1);
    }
    targets += block;
  }
}
