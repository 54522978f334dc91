// Targets as the pixelwise losses read them: f32, one plane a class, -1 where the pixel is void.

/**
 * Spreads i32 `labels` [outer, pixels] (-1: void) over `classes` planes: out[o, c, i] is 1 where the label is c, -1 where it is
 * void, else 0. With one class, a label is its own target. Returns the number of pixels that are not void.
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

/** How many of `n` targets are not void. */
export function countKept_f32(targets: usize, n: u32): u32 {
  let kept: u32 = 0;
  for (const end = targets + ((n as usize) << 2); targets < end; targets += 4) kept += (load<f32>(targets) >= 0) as u32;
  return kept;
}

/** out[i] = max(targets[i], 0), mask[i] = targets[i] is not void; whole vectors. */
export function splitVoid_f32(targets: usize, out: usize, mask: usize, n: u32): void {
  const bytes = (n as usize) << 2;
  const zero = f32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) {
    const t = v128.load(targets + i);
    v128.store(out + i, f32x4.max(t, zero));
    v128.store(mask + i, v128.and(f32x4.ge(t, zero), f32x4.splat(1)));
  }
}
