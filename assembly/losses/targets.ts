// Targets as the pixelwise losses read them: f32, one plane a class, -1 where the pixel is ignored.

/**
 * Expands i32 `labels` [outer, pixels] (-1: ignored) to `classes` planes: out[o, c, i] is 1 where the label is c, -1 where it is
 * ignored, else 0. With one class, a label is its own target. Returns the number of pixels that are not ignored.
 */
export function oneHot_f32(labels: usize, out: usize, outer: u32, classes: u32, pixels: u32): u32 {
  let kept: u32 = 0;
  const plane = (pixels as usize) << 2;
  for (let o: u32 = 0; o < outer; o++) {
    for (let i: usize = 0; i < plane; i += 4) {
      const label = load<i32>(labels + i);
      if (label >= 0) kept++;
      if (classes == 1) {
        store<f32>(out + i, label as f32);
        continue;
      }
      for (let c: u32 = 0, at = out + i; c < classes; c++, at += plane) {
        store<f32>(at, label < 0 ? -1 : label == (c as i32) ? 1 : 0);
      }
    }
    labels += plane;
    out += plane * (classes as usize);
  }
  return kept;
}

/** How many of `n` targets are not ignored. */
export function countKept_f32(targets: usize, n: u32): u32 {
  let kept: u32 = 0;
  for (const end = targets + ((n as usize) << 2); targets < end; targets += 4) kept += (load<f32>(targets) >= 0) as u32;
  return kept;
}

/** The sum of `n` targets that are not ignored. */
export function massOf_f32(targets: usize, n: u32): f64 {
  let total: f64 = 0;
  for (const end = targets + ((n as usize) << 2); targets < end; targets += 4) total += max<f32>(load<f32>(targets), 0) as f64;
  return total;
}

/** Multiplies the targets that are not ignored by `weight`, then adds `addend`. */
export function weighTargets_f32(targets: usize, weight: f32, addend: f32, n: u32): void {
  for (const end = targets + ((n as usize) << 2); targets < end; targets += 4) {
    const t = load<f32>(targets);
    if (t >= 0) store<f32>(targets, t * weight + addend);
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
