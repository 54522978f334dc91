/** out[j, ...] = a[index[j], ...] for rows of `width` elements. */
export function gather_f32(a: usize, index: usize, out: usize, count: u32, width: u32): void {
  const bytes = (width as usize) << 2;
  for (let j: u32 = 0; j < count; j++) {
    memory.copy(out, a + bytes * (load<u32>(index) as usize), bytes);
    out += bytes;
    index += 4;
  }
}

/** out[index[j], ...] += upstream[j, ...]: the adjoint of `gather_f32`; `out` starts as the caller left it. */
export function scatterAdd_f32(upstream: usize, index: usize, out: usize, count: u32, width: u32): void {
  const bytes = (width as usize) << 2;
  for (let j: u32 = 0; j < count; j++) {
    const row = out + bytes * (load<u32>(index) as usize);
    for (let i: usize = 0; i < bytes; i += 4) {
      store<f32>(row + i, load<f32>(row + i) + load<f32>(upstream + i));
    }
    upstream += bytes;
    index += 4;
  }
}
