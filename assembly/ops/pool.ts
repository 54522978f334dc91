/**
 * out = the largest of each size x size window (stride `size`, a rest at the right and bottom is left out) of
 * `planes` planes of height x width; index = where in its plane it stood. The first of equals wins, NaN over all.
 */
export function maxPool2d_f32(a: usize, out: usize, index: usize, planes: u32, height: u32, width: u32, size: u32): void {
  const rows = height / size;
  const columns = width / size;
  for (let p: u32 = 0; p < planes; p++) {
    for (let y: u32 = 0; y < rows; y++) {
      for (let x: u32 = 0; x < columns; x++) {
        let at = y * size * width + x * size;
        let best = load<f32>(a + ((at as usize) << 2));
        for (let dy: u32 = 0; dy < size; dy++) {
          const row = (y * size + dy) * width + x * size;
          for (let dx: u32 = 0; dx < size; dx++) {
            const v = load<f32>(a + (((row + dx) as usize) << 2));
            if (v > best || (v != v && best == best)) {
              best = v;
              at = row + dx;
            }
          }
        }
        store<f32>(out, best);
        store<u32>(index, at);
        out += 4;
        index += 4;
      }
    }
    a += ((height * width) as usize) << 2;
  }
}

/** out = 0 but for upstream at each `index` of its plane: the adjoint of `maxPool2d_f32`. */
export function maxPool2dGrad_f32(upstream: usize, index: usize, out: usize, planes: u32, inner: u32, outer: u32): void {
  const bytes = (outer as usize) << 2;
  memory.fill(out, 0, bytes * (planes as usize));
  for (let p: u32 = 0; p < planes; p++) {
    for (let i: u32 = 0; i < inner; i++) {
      store<f32>(out + ((load<u32>(index) as usize) << 2), load<f32>(upstream));
      upstream += 4;
      index += 4;
    }
    out += bytes;
  }
}

/**
 * out[p, y, x] = factor * sum of the size x size window of `a` there (stride `size`; the rest left out). With factor 1
 * the adjoint of `upsampleNearest_f32`; with factor 1/size^2 the average pool.
 */
export function sumPool2d_f32(a: usize, out: usize, planes: u32, height: u32, width: u32, size: u32, factor: f32): void {
  const rows = height / size;
  const columns = width / size;
  const pitch = (width as usize) << 2;
  for (let p: u32 = 0; p < planes; p++) {
    for (let y: u32 = 0; y < rows; y++) {
      for (let x: u32 = 0; x < columns; x++) {
        let corner = a + pitch * ((y * size) as usize) + (((x * size) as usize) << 2);
        let total: f32 = 0;
        for (let dy: u32 = 0; dy < size; dy++) {
          for (let dx: u32 = 0; dx < size; dx++) total += load<f32>(corner + ((dx as usize) << 2));
          corner += pitch;
        }
        store<f32>(out, total * factor);
        out += 4;
      }
    }
    a += pitch * (height as usize);
  }
}

/**
 * out[p, y, x] = factor * a[p, y / scale, x / scale] on planes of outHeight x outWidth; 0 where that lies outside the
 * rows x columns of `a`. With factor 1 the nearest upsampling; with 1/scale^2 the adjoint of the average pool.
 */
export function upsampleNearest_f32(
  a: usize,
  out: usize,
  planes: u32,
  rows: u32,
  columns: u32,
  outHeight: u32,
  outWidth: u32,
  scale: u32,
  factor: f32,
): void {
  for (let p: u32 = 0; p < planes; p++) {
    for (let y: u32 = 0; y < outHeight; y++) {
      const row = a + ((((y / scale) * columns) as usize) << 2);
      let x: u32 = 0;
      if (y < rows * scale) {
        for (let c: u32 = 0; c < columns; c++) {
          const v = load<f32>(row + ((c as usize) << 2)) * factor;
          for (let d: u32 = 0; d < scale; d++) store<f32>(out + (((x + d) as usize) << 2), v);
          x += scale;
        }
      }
      for (; x < outWidth; x++) store<f32>(out + ((x as usize) << 2), 0);
      out += (outWidth as usize) << 2;
    }
    a += ((rows * columns) as usize) << 2;
  }
}
