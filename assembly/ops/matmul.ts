// C = A B in tiles of 4 rows by 8 columns, whose sums stay in registers. A is read with any strides, so its transpose costs
// nothing. The inner dimension goes in slices of 256, which bounds the float32 rounding of a sum. A block of 256 by 128 numbers of B is
// laid out so that the 8 columns of a tile follow one another: rows that are a power of 2 apart would push one another out of the cache.

import { mulAdd } from "../inline/mulAdd";

const SLICE: u32 = 256;
const COLUMNS: u32 = 128;
const ROWS: u32 = 64;
const packed = memory.data(131072, 16);

/** c[m, n] = a[m, k] b[k, n]; `a` by strides in elements, `b` and `c` contiguous. */
export function matmul_f32(a: usize, rowStride: u32, columnStride: u32, b: usize, c: usize, m: u32, n: u32, k: u32): void {
  const pitch = (n as usize) << 2;
  const down = (rowStride as usize) << 2;
  const along = (columnStride as usize) << 2;
  memory.fill(c, 0, pitch * (m as usize));
  const whole = n & ~7;
  for (let from: u32 = 0; from < k; from += SLICE) {
    const depth = min(SLICE, k - from);
    const aSlice = a + along * (from as usize);
    const bSlice = b + pitch * (from as usize);
    for (let x: u32 = 0; x < whole; x += COLUMNS) {
      const width = min(COLUMNS, whole - x);
      pack(bSlice + ((x as usize) << 2), pitch, width, depth);
      // so few rows of A stay in the cache from one panel to the next
      for (let y: u32 = 0; y < m; y += ROWS) {
        const to = c + pitch * (y as usize) + ((x as usize) << 2);
        multiplyRows(aSlice + down * (y as usize), down, along, to, min(ROWS, m - y), width, pitch, depth);
      }
    }
    for (let x = whole; x < n; x++) {
      const at = (x as usize) << 2;
      for (let y: u32 = 0; y < m; y++)
        addColumn(aSlice + down * (y as usize), along, bSlice + at, c + pitch * (y as usize) + at, pitch, depth);
    }
  }
}

// panels of 8 columns, one after another
function pack(b: usize, pitch: usize, width: u32, depth: u32): void {
  const panel = (depth as usize) << 5;
  const bytes = (width as usize) << 2;
  let to = packed;
  for (let i: u32 = 0; i < depth; i++, b += pitch, to += 32) {
    let at = to;
    for (let x: usize = 0; x < bytes; x += 32, at += panel) {
      v128.store(at, v128.load(b + x));
      v128.store(at, v128.load(b + x, 16), 16);
    }
  }
}

// c += some rows of A times the panels
function multiplyRows(a: usize, down: usize, along: usize, c: usize, rows: u32, width: u32, pitch: usize, depth: u32): void {
  let panel = packed;
  for (let x: u32 = 0; x < width; x += 8) {
    for (let y: u32 = 0; y < rows; y += 4) {
      const to = c + pitch * (y as usize) + ((x as usize) << 2);
      tile4x8(a + down * (y as usize), down, along, panel, to, min<u32>(4, rows - y), pitch, depth);
    }
    panel += (depth as usize) << 5;
  }
}

// a column that fills no vector: c += a row times a column
function addColumn(a: usize, along: usize, b: usize, c: usize, pitch: usize, depth: u32): void {
  let total: f32 = 0;
  for (let i: u32 = 0; i < depth; i++, a += along, b += pitch) total += load<f32>(a) * load<f32>(b);
  store<f32>(c, load<f32>(c) + total);
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
    b += 32;
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
