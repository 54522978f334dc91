import { evenLanes, oddLanes } from "../inline/lanes";

// Windows of 2 x 2, the usual ones, go four at a time.

/**
 * out = the largest of each size x size window (stride `size`, rows and columns that fill no window are left out) of
 * `planes` planes of height x width; index = where in its plane it stood. The first of equals wins, NaN over all.
 */
export function maxPool2d_f32(a: usize, out: usize, index: usize, planes: u32, height: u32, width: u32, size: u32): void {
  const rows = height / size;
  const columns = width / size;
  for (let p: u32 = 0; p < planes; p++) {
    for (let y: u32 = 0; y < rows; y++) {
      let x: u32 = 0;
      if (size == 2) {
        for (; x + 4 <= columns; x += 4) {
          fourLargest(a, 2 * (y * width + x), width, out, index);
          out += 16;
          index += 16;
        }
      }
      for (; x < columns; x++) {
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

// the largest of four windows of 2 x 2 side by side, the first of them at element `at` of plane `a`
function fourLargest(a: usize, at: u32, width: u32, out: usize, index: usize): void {
  const upper = a + ((at as usize) << 2);
  const lower = upper + ((width as usize) << 2);
  const indices = i32x4.add(i32x4.splat(at), i32x4(0, 2, 4, 6));
  let left = v128.load(upper);
  let right = v128.load(upper, 16);
  let best = evenLanes(left, right);
  let where = indices;
  let v = oddLanes(left, right);
  let wins = beats(v, best);
  best = v128.bitselect(v, best, wins);
  where = v128.bitselect(i32x4.add(indices, i32x4.splat(1)), where, wins);
  left = v128.load(lower);
  right = v128.load(lower, 16);
  v = evenLanes(left, right);
  wins = beats(v, best);
  best = v128.bitselect(v, best, wins);
  where = v128.bitselect(i32x4.add(indices, i32x4.splat(width)), where, wins);
  v = oddLanes(left, right);
  wins = beats(v, best);
  v128.store(out, v128.bitselect(v, best, wins));
  v128.store(index, v128.bitselect(i32x4.add(indices, i32x4.splat(width + 1)), where, wins));
}

// v > best, or the first NaN
// @ts-ignore: decorator
@inline
function beats(v: v128, best: v128): v128 {
  return v128.or(f32x4.gt(v, best), v128.and(f32x4.ne(v, v), f32x4.eq(best, best)));
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
 * out[p, y, x] = factor * sum of the size x size window of `a` there (stride `size`; incomplete ones left out). With factor 1
 * the adjoint of `upsampleNearest_f32`; with factor 1/size^2 the average pool.
 */
export function sumPool2d_f32(a: usize, out: usize, planes: u32, height: u32, width: u32, size: u32, factor: f32): void {
  const rows = height / size;
  const columns = width / size;
  const pitch = (width as usize) << 2;
  for (let p: u32 = 0; p < planes; p++) {
    for (let y: u32 = 0; y < rows; y++) {
      let x: u32 = 0;
      if (size == 2) {
        let corner = a + 2 * pitch * (y as usize);
        for (; x + 4 <= columns; x += 4) {
          v128.store(out, f32x4.mul(fourSums(corner, pitch), f32x4.splat(factor)));
          corner += 32;
          out += 16;
        }
      }
      for (; x < columns; x++) {
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

// the sums of four windows of 2 x 2 side by side, added in the order of the elements
// @ts-ignore: decorator
@inline
function fourSums(corner: usize, pitch: usize): v128 {
  const upperLeft = v128.load(corner);
  const upperRight = v128.load(corner, 16);
  const lowerLeft = v128.load(corner + pitch);
  const lowerRight = v128.load(corner + pitch, 16);
  const upper = f32x4.add(evenLanes(upperLeft, upperRight), oddLanes(upperLeft, upperRight));
  return f32x4.add(f32x4.add(upper, evenLanes(lowerLeft, lowerRight)), oddLanes(lowerLeft, lowerRight));
}

/**
 * out[p, y, x] = factor * a[p, y / scale, x / scale] on planes of height x width, for an `a` of height / scale x width / scale, both
 * rounded down; 0 where `a` has no such pixel. With factor 1 the nearest upsampling; with 1/scale^2 the adjoint of the average pool.
 */
export function upsampleNearest_f32(a: usize, out: usize, planes: u32, height: u32, width: u32, scale: u32, factor: f32): void {
  const rows = height / scale;
  const columns = width / scale;
  for (let p: u32 = 0; p < planes; p++) {
    for (let y: u32 = 0; y < height; y++) {
      const row = a + ((((y / scale) * columns) as usize) << 2);
      let x: u32 = 0;
      if (y < rows * scale) {
        let c: u32 = 0;
        if (scale == 2) {
          for (; c + 4 <= columns; c += 4) {
            const v = f32x4.mul(v128.load(row + ((c as usize) << 2)), f32x4.splat(factor));
            const target = out + ((x as usize) << 2);
            v128.store(target, v128.shuffle<f32>(v, v, 0, 0, 1, 1));
            v128.store(target, v128.shuffle<f32>(v, v, 2, 2, 3, 3), 16);
            x += 8;
          }
        }
        for (; c < columns; c++) {
          const v = load<f32>(row + ((c as usize) << 2)) * factor;
          for (let d: u32 = 0; d < scale; d++) store<f32>(out + (((x + d) as usize) << 2), v);
          x += scale;
        }
      }
      for (; x < width; x++) store<f32>(out + ((x as usize) << 2), 0);
      out += (width as usize) << 2;
    }
    a += ((rows * columns) as usize) << 2;
  }
}
