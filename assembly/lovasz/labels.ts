// Labels as the loss kernels read them: i32, the class of each pixel, -1 where it is void.

/**
 * Turns u8 `labels` into i32 `out`, `ignore` into -1. Returns the index of the first label that is neither `ignore` nor below
 * `classes`, or `n` where there is none. An `ignore` outside 0..255 never occurs.
 */
export function labels_u8(labels: usize, out: usize, n: u32, classes: u32, ignore: f64): u32 {
  for (let i: u32 = 0; i < n; i++) {
    const label = load<u8>(labels + (i as usize)) as u32;
    const isVoid = (label as f64) == ignore;
    if (!isVoid && label >= classes) return i;
    store<i32>(out + ((i as usize) << 2), isVoid ? -1 : label);
  }
  return n;
}

/** The same for i32 labels. */
export function labels_i32(labels: usize, out: usize, n: u32, classes: u32, ignore: f64): u32 {
  for (let i: u32 = 0; i < n; i++) {
    const label = load<i32>(labels + ((i as usize) << 2));
    const isVoid = (label as f64) == ignore;
    if (!isVoid && (label as u32) >= classes) return i;
    store<i32>(out + ((i as usize) << 2), isVoid ? -1 : label);
  }
  return n;
}

/** The index of the first NaN in `values` whose label is not void, or `n`. */
export function firstNaN_f32(values: usize, labels: usize, n: u32): u32 {
  for (let i: u32 = 0; i < n; i++) {
    const at = (i as usize) << 2;
    const v = load<f32>(values + at);
    if (v != v && load<i32>(labels + at) >= 0) return i;
  }
  return n;
}
