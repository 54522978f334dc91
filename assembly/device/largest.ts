// A stretch that stays in the nearest cache while all planes pass over it.
const STRETCH: usize = 4096;

/** out[i] = the largest of the `count` values planes[k][i], for planes of `n` f32; any NaN makes NaN. */
export function largest_f32(planes: usize, out: usize, count: u32, n: u32): void {
  const plane = (n as usize) << 2;
  memory.copy(out, planes, plane);
  for (let start: usize = 0; start < plane; start += STRETCH) {
    const end = min(plane, start + STRETCH);
    let from = planes;
    for (let k: u32 = 1; k < count; k++) {
      from += plane;
      let i = start;
      for (; i + 16 <= end; i += 16) v128.store(out + i, f32x4.max(v128.load(out + i), v128.load(from + i)));
      for (; i < end; i += 4) store<f32>(out + i, max(load<f32>(out + i), load<f32>(from + i)));
    }
  }
}
