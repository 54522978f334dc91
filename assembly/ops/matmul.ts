// C = A B in tiles of 4 rows by 8 columns, whose sums stay in registers. A is read with any strides, so its transpose costs
// nothing. The inner dimension goes in slices of 256, which bounds the float32 rounding of a sum and keeps B in cache.

import { mulAdd } from "../inline/mulAdd";

const SLICE: u32 = 256;

/** c[m, n] = a[m, k] b[k, n]; `a` by strides in elements, `b` and `c` contiguous. */
export function matmul_f32(a: usize, rowStride: u32, columnStride: u32, b: usize, c: usize, m: u32, n: u32, k: u32): void {
  const pitch = (n as usize) << 2;
  const down = (rowStride as usize) << 2;
  const along = (columnStride as usize) << 2;
  memory.fill(c, 0, pitch * (m as usize));
  for (let from: u32 = 0; from < k; from += SLICE) {
    const depth = min(SLICE, k - from);
    const aSlice = a + along * (from as usize);
    const bSlice = b + pitch * (from as usize);
    for (let y: u32 = 0; y < m; y += 4) {
      const rows = min(<u32>4, m - y);
      let x: u32 = 0;
      for (; x + 8 <= n; x += 8) {
        tile4x8(
          aSlice + down * (y as usize),
          down,
          along,
          bSlice + ((x as usize) << 2),
          c + pitch * (y as usize) + ((x as usize) << 2),
          rows,
          pitch,
          depth,
        );
      }
      // the columns that fill no vector
      for (; x < n; x++) {
        for (let r: u32 = 0; r < rows; r++) {
          let total: f32 = 0;
          let p = aSlice + down * ((y + r) as usize);
          let q = bSlice + ((x as usize) << 2);
          for (let i: u32 = 0; i < depth; i++) {
            total += load<f32>(p) * load<f32>(q);
            p += along;
            q += pitch;
          }
          const at = c + pitch * ((y + r) as usize) + ((x as usize) << 2);
          store<f32>(at, load<f32>(at) + total);
        }
      }
    }
  }
}

// rows that do not exist repeat row 0 (an offset of 0) and are not stored
function tile4x8(a: usize, down: usize, along: usize, b: usize, c: usize, rows: u32, pitch: usize, depth: u32): void {
  const row1: usize = rows > 1 ? down : 0;
  const row2: usize = rows > 2 ? 2 * down : 0;
  const row3: usize = rows > 3 ? 3 * down : 0;
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  for (let i: u32 = 0; i < depth; i++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let s = v128.load32_splat(a);
    c00 = mulAdd(c00, s, b0);
    c01 = mulAdd(c01, s, b1);
    s = v128.load32_splat(a + row1);
    c10 = mulAdd(c10, s, b0);
    c11 = mulAdd(c11, s, b1);
    s = v128.load32_splat(a + row2);
    c20 = mulAdd(c20, s, b0);
    c21 = mulAdd(c21, s, b1);
    s = v128.load32_splat(a + row3);
    c30 = mulAdd(c30, s, b0);
    c31 = mulAdd(c31, s, b1);
    a += along;
    b += pitch;
  }
  addPair(c, c00, c01);
  if (rows > 1) addPair(c + pitch, c10, c11);
  if (rows > 2) addPair(c + 2 * pitch, c20, c21);
  if (rows > 3) addPair(c + 3 * pitch, c30, c31);
}

function addPair(c: usize, low: v128, high: v128): void {
  v128.store(c, f32x4.add(v128.load(c), low));
  v128.store(c, f32x4.add(v128.load(c, 16), high), 16);
}
