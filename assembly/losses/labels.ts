// Labels as the loss kernels read them: i32, the class of each pixel, -1 where it is ignored.

/**
 * Converts u8 `labels` to i32 `out`, `ignore` into -1. Returns the index of the first label that is neither `ignore` nor below
 * `classes`, or `n` where there is none. An `ignore` outside 0..255 never occurs.
 */
export function labels_u8(labels: usize, out: usize, n: u32, classes: u32, ignore: f64): u32 {
  return decode(labels, out, n, classes, ignore, 2);
}

/** The same to i8, for at most 128 classes; `out` may be `labels`. */
export function labels_u8_i8(labels: usize, out: usize, n: u32, classes: u32, ignore: f64): u32 {
  const stays = out == labels && !(ignore >= 0 && ignore <= 255);
  if (stays && largest_u8(labels, n) < classes) return n;
  return decode(labels, out, n, classes, ignore, 0);
}

function largest_u8(labels: usize, n: u32): u32 {
  let most = i8x16.splat(0);
  const end = labels + (n as usize);
  for (; labels + 64 <= end; labels += 64) {
    const first = i8x16.max_u(v128.load(labels), v128.load(labels, 16));
    most = i8x16.max_u(most, i8x16.max_u(first, i8x16.max_u(v128.load(labels, 32), v128.load(labels, 48))));
  }
  const eight = i8x16.max_u(most, i8x16.shuffle(most, most, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  let bytes = i64x2.extract_lane(eight, 0);
  let largest: u32 = 0;
  for (; bytes != 0; bytes = (bytes as u64) >> 8) largest = max<u32>(largest, (bytes as u32) & 255);
  for (; labels < end; labels++) largest = max<u32>(largest, load<u8>(labels));
  return largest;
}

// `shift`: of a label to its place in bytes
// @ts-ignore: decorator
@inline
function decode(labels: usize, out: usize, n: u32, classes: u32, ignore: f64, shift: usize): u32 {
  const last = i8x16.splat((min<u32>(classes, 256) - 1) as i8);
  const occurs = ignore >= 0 && ignore <= 255;
  const ignored = i8x16.splat((occurs ? ignore : 0) as u8);
  const mask = i8x16.splat(occurs ? -1 : 0);
  let i: u32 = 0;
  for (; i + 16 <= n && classes > 0; i += 16) {
    const label = v128.load(labels + (i as usize));
    const isIgnored = v128.and(i8x16.eq(label, ignored), mask);
    if (!i8x16.all_true(v128.or(isIgnored, i8x16.le_u(label, last)))) break;
    const to = out + ((i as usize) << shift);
    if (shift == 0) {
      v128.store(to, v128.or(label, isIgnored));
    } else {
      storeEight(to, i16x8.extend_low_i8x16_u(label), i16x8.extend_low_i8x16_s(isIgnored));
      storeEight(to + 32, i16x8.extend_high_i8x16_u(label), i16x8.extend_high_i8x16_s(isIgnored));
    }
  }
  for (; i < n; i++) {
    const label = load<u8>(labels + (i as usize)) as u32;
    const isIgnored = (label as f64) == ignore;
    if (!isIgnored && label >= classes) return i;
    const value: i32 = isIgnored ? -1 : label;
    if (shift == 0) store<i8>(out + (i as usize), value as i8);
    else store<i32>(out + ((i as usize) << 2), value);
  }
  return n;
}

// @ts-ignore: decorator
@inline
function storeEight(to: usize, labels: v128, ignored8: v128): void {
  v128.store(to, v128.or(i32x4.extend_low_i16x8_u(labels), i32x4.extend_low_i16x8_s(ignored8)));
  v128.store(to, v128.or(i32x4.extend_high_i16x8_u(labels), i32x4.extend_high_i16x8_s(ignored8)), 16);
}

/** The labels of `labels_i32` as i8; `out` may be `labels`. */
export function narrow_i32(labels: usize, out: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i++) store<i8>(out + (i as usize), load<i32>(labels + ((i as usize) << 2)) as i8);
}

/** The same for i32 labels. */
export function labels_i32(labels: usize, out: usize, n: u32, classes: u32, ignore: f64): u32 {
  for (let i: u32 = 0; i < n; i++) {
    const label = load<i32>(labels + ((i as usize) << 2));
    const isIgnored = (label as f64) == ignore;
    if (!isIgnored && (label as u32) >= classes) return i;
    store<i32>(out + ((i as usize) << 2), isIgnored ? -1 : label);
  }
  return n;
}

/**
 * The index of the first of `n` values that is outside `least`..`most`, or NaN, though the label of its pixel is not ignored; or `n`.
 */
export function firstOutside_f32(values: usize, labels: usize, n: u32, least: f32, most: f32): u32 {
  const from = f32x4.splat(least);
  const to = f32x4.splat(most);
  let i: u32 = 0;
  // sixteen at once: a test for each vector would take longer than its comparisons
  for (; i + 16 <= n; i += 16) {
    const at = values + ((i as usize) << 2);
    const half = v128.and(within(at, from, to), within(at + 16, from, to));
    if (i32x4.all_true(v128.and(half, v128.and(within(at + 32, from, to), within(at + 48, from, to))))) continue;
    const first = firstOf(at, labels + ((i as usize) << 2), 16, least, most);
    if (first < 16) return i + first;
  }
  return i + firstOf(values + ((i as usize) << 2), labels + ((i as usize) << 2), n - i, least, most);
}

// @ts-ignore: decorator
@inline
function within(at: usize, from: v128, to: v128): v128 {
  const v = v128.load(at);
  return v128.and(f32x4.ge(v, from), f32x4.le(v, to));
}

function firstOf(values: usize, labels: usize, n: u32, least: f32, most: f32): u32 {
  for (let i: u32 = 0; i < n; i++) {
    const v = load<f32>(values + ((i as usize) << 2));
    const inside = v >= least && v <= most;
    if (!inside && load<i32>(labels + ((i as usize) << 2)) >= 0) return i;
  }
  return n;
}

/**
 * The class of each pixel of one-hot `values` [images, classes, pixels], to i32 `out` [images, pixels]; -1 where all are 0.
 * With `last`, the classes come last: [images, pixels, classes]. Returns the first pixel that has anything but one 1 or
 * none, or how many pixels there are.
 */
export function oneHotClass_f32(values: usize, out: usize, images: u32, classes: u32, pixels: u32, last: bool): u32 {
  const step: usize = last ? 4 : (pixels as usize) << 2;
  let index: u32 = 0;
  for (let image: u32 = 0; image < images; image++) {
    for (let i: u32 = 0; i < pixels; i++, index++) {
      let at = values + (((last ? i * classes : i) as usize) << 2);
      let class_: i32 = -1;
      for (let c: u32 = 0; c < classes; c++, at += step) {
        const v = load<f32>(at);
        if (v == 0) continue;
        if (v != 1 || class_ >= 0) return index;
        class_ = c;
      }
      store<i32>(out + ((index as usize) << 2), class_);
    }
    values += ((classes as usize) * (pixels as usize)) << 2;
  }
  return index;
}

/** counts[c] = how many of `n` labels are c; `counts` holds u32 and is cleared first. */
export function classCounts(labels: usize, n: u32, counts: usize, classes: u32): void {
  memory.fill(counts, 0, (classes as usize) << 2);
  for (const end = labels + ((n as usize) << 2); labels < end; labels += 4) {
    const label = load<i32>(labels);
    if (label < 0) continue;
    const at = counts + ((label as usize) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
}
