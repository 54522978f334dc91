/** Copies `count` blocks of `width` elements, the starts `fromStride` and `toStride` elements apart. */
export function copyBlocks_f32(from: usize, fromStride: u32, to: usize, toStride: u32, width: u32, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    memory.copy(to, from, (width as usize) << 2);
    from += (fromStride as usize) << 2;
    to += (toStride as usize) << 2;
  }
}
