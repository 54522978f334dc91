// Transposes of numbers of any width. Blocks of 4 x 4 floats, or of 16 x 4 bytes, stay in registers; the last ones overlap those before.

// a tile of so many rows and columns stays in the first cache
const SIDE: u32 = 64;

/** out[b, j, i] = from[b, i, j] for cells of `bytes` bytes, with i below `rows` and j below `columns`. */
export function swapAxes(from: usize, out: usize, batch: u32, rows: u32, columns: u32, bytes: u32): void {
  const size = (rows as usize) * (columns as usize) * (bytes as usize);
  for (let b: u32 = 0; b < batch; b++, from += size, out += size) {
    for (let i: u32 = 0; i < rows; i += SIDE) {
      for (let j: u32 = 0; j < columns; j += SIDE) {
        const endRow = min(rows, i + SIDE);
        const endColumn = min(columns, j + SIDE);
        if (bytes == 4) swapFloats(from, out, rows, columns, i, endRow, j, endColumn);
        else if (bytes == 1) swapBytes(from, out, rows, columns, i, endRow, j, endColumn);
        else swapCells(from, out, rows, columns, i, endRow, j, endColumn, bytes as usize);
      }
    }
  }
}

function swapCells(from: usize, out: usize, rows: u32, columns: u32, i: u32, endRow: u32, j: u32, endColumn: u32, bytes: usize): void {
  for (; j < endColumn; j++) {
    for (let k = i; k < endRow; k++) {
      memory.copy(out + bytes * ((j * rows + k) as usize), from + bytes * ((k * columns + j) as usize), bytes);
    }
  }
}

function swapFloats(from: usize, out: usize, rows: u32, columns: u32, i: u32, endRow: u32, j: u32, endColumn: u32): void {
  if (endRow - i < 4 || endColumn - j < 4) {
    eachFloat(from, out, rows, columns, i, endRow, j, endColumn);
    return;
  }
  const lastRow = endRow - 4;
  const lastColumn = endColumn - 4;
  // along the longer axis within: blocks side by side on the other one share lines
  if (rows < columns) {
    for (let k = i; ; k = min(k + 4, lastRow)) {
      for (let l = j; ; l = min(l + 4, lastColumn)) {
        fourByFourFloats(from, out, rows, columns, k, l);
        if (l == lastColumn) break;
      }
      if (k == lastRow) return;
    }
  }
  for (let l = j; ; l = min(l + 4, lastColumn)) {
    for (let k = i; ; k = min(k + 4, lastRow)) {
      fourByFourFloats(from, out, rows, columns, k, l);
      if (k == lastRow) break;
    }
    if (l == lastColumn) return;
  }
}

function eachFloat(from: usize, out: usize, rows: u32, columns: u32, i: u32, endRow: u32, j: u32, endColumn: u32): void {
  const along = (columns as usize) << 2;
  const down = (rows as usize) << 2;
  if (rows < columns) {
    for (let k = i; k < endRow; k++) {
      let to = out + (((j * rows + k) as usize) << 2);
      let at = from + (((k * columns + j) as usize) << 2);
      for (let l = j; l < endColumn; l++, to += down, at += 4) store<u32>(to, load<u32>(at));
    }
    return;
  }
  for (let l = j; l < endColumn; l++) {
    let to = out + (((l * rows + i) as usize) << 2);
    let at = from + (((i * columns + l) as usize) << 2);
    for (let k = i; k < endRow; k++, to += 4, at += along) store<u32>(to, load<u32>(at));
  }
}

// @ts-ignore: decorator
@inline
function fourByFourFloats(from: usize, out: usize, rows: u32, columns: u32, i: u32, j: u32): void {
  const along = (columns as usize) << 2;
  const down = (rows as usize) << 2;
  const at = from + (((i * columns + j) as usize) << 2);
  const a = v128.load(at);
  const b = v128.load(at + along);
  const c = v128.load(at + 2 * along);
  const d = v128.load(at + 3 * along);
  storeTransposed(out + (((j * rows + i) as usize) << 2), down, a, b, c, d);
}

// the columns of four rows of four lanes, `down` bytes apart
// @ts-ignore: decorator
@inline
function storeTransposed(to: usize, down: usize, a: v128, b: v128, c: v128, d: v128): void {
  const ab = i32x4.shuffle(a, b, 0, 4, 1, 5);
  const cd = i32x4.shuffle(c, d, 0, 4, 1, 5);
  const abHigh = i32x4.shuffle(a, b, 2, 6, 3, 7);
  const cdHigh = i32x4.shuffle(c, d, 2, 6, 3, 7);
  v128.store(to, i64x2.shuffle(ab, cd, 0, 2));
  v128.store(to + down, i64x2.shuffle(ab, cd, 1, 3));
  v128.store(to + 2 * down, i64x2.shuffle(abHigh, cdHigh, 0, 2));
  v128.store(to + 3 * down, i64x2.shuffle(abHigh, cdHigh, 1, 3));
}

function swapBytes(from: usize, out: usize, rows: u32, columns: u32, i: u32, endRow: u32, j: u32, endColumn: u32): void {
  if (endRow - i < 16 || endColumn - j < 4) {
    for (let l = j; l < endColumn; l++) {
      let to = out + ((l * rows + i) as usize);
      let at = from + ((i * columns + l) as usize);
      for (let k = i; k < endRow; k++, to++, at += columns as usize) store<u8>(to, load<u8>(at));
    }
    return;
  }
  const along = columns as usize;
  const lastRow = endRow - 16;
  const lastColumn = endColumn - 4;
  for (let l = j; ; l = min(l + 4, lastColumn)) {
    for (let k = i; ; k = min(k + 16, lastRow)) {
      const at = from + ((k * columns + l) as usize);
      const a = fourByFour(at, along);
      const b = fourByFour(at + 4 * along, along);
      const c = fourByFour(at + 8 * along, along);
      const d = fourByFour(at + 12 * along, along);
      storeTransposed(out + ((l * rows + k) as usize), rows as usize, a, b, c, d);
      if (k == lastRow) break;
    }
    if (l == lastColumn) return;
  }
}

// four bytes of each of four rows, column by column
// @ts-ignore: decorator
@inline
function fourByFour(at: usize, along: usize): v128 {
  let v = v128.load32_zero(at);
  v = v128.load_lane<u32>(at + along, v, 1);
  v = v128.load_lane<u32>(at + 2 * along, v, 2);
  v = v128.load_lane<u32>(at + 3 * along, v, 3);
  return i8x16.shuffle(v, v, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
}
