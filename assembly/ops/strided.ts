/**
 * Copies a strided view of `source` to the contiguous `out`: broadcasts (stride 0) and transposes (permuted strides).
 * `shape` and `strides` (in elements) hold `rank` i32 each; `rank` is at least 1, and `counter` is scratch for `rank` i32.
 */
export function stridedCopy_f32(source: usize, out: usize, rank: u32, shape: usize, strides: usize, counter: usize): void {
  const last = ((rank - 1) as usize) << 2;
  const width = load<u32>(shape + last);
  const step = (load<i32>(strides + last) as usize) << 2;
  memory.fill(counter, 0, (rank as usize) << 2);
  let row = source;
  while (true) {
    out = copyRow(row, step, out, width);
    // an odometer over all axes but the last
    let axis: i32 = rank - 2;
    for (; axis >= 0; axis--) {
      const at = (axis as usize) << 2;
      const stride = (load<i32>(strides + at) as usize) << 2;
      const next = load<u32>(counter + at) + 1;
      if (next < load<u32>(shape + at)) {
        store<u32>(counter + at, next);
        row += stride;
        break;
      }
      store<u32>(counter + at, 0);
      row -= stride * ((next - 1) as usize);
    }
    if (axis < 0) return;
  }
}

function copyRow(source: usize, step: usize, out: usize, width: u32): usize {
  const bytes = (width as usize) << 2;
  if (step == 4) {
    memory.copy(out, source, bytes);
    return out + bytes;
  }
  const end = out + bytes;
  if (step == 0) {
    const v = v128.load32_splat(source);
    for (; out + 16 <= end; out += 16) v128.store(out, v);
  }
  for (; out < end; out += 4) {
    store<f32>(out, load<f32>(source));
    source += step;
  }
  return out;
}
