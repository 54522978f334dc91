// Transposes of numbers of any width. Blocks of 4 x 4 floats, or of 16 x 4 bytes, stay in registers; the last ones overlap those before.

// A tile of so many rows and columns stays in the first cache, and so does one four times as long of a matrix that is no wider.
const SIDE: u32 = 64;

/** out[b, j, i] = from[b, i, j] for elements of `bytes` bytes, with i below `rows` and j below `columns`. */
export function swapAxes(from: usize, out: usize, batch: u32, rows: u32, columns: u32, bytes: u32): void {
  const size = (rows as usize) * (columns as usize) * (bytes as usize);
  if (rows <= 1 || columns <= 1) {
    memory.copy(out, from, size * (batch as usize));
    return;
  }
  const tall = columns > SIDE ? SIDE : 4 * SIDE;
  const wide = rows > SIDE ? SIDE : 4 * SIDE;
  for (let b: u32 = 0; b < batch; b++, from += size, out += size) {
    if (columns < 4 && bytes == 4) {
      splitFloats(from, out, rows, columns);
      continue;
    }
    if (columns < 4 && bytes == 1) {
      splitBytes(from, out, rows, columns);
      continue;
    }
    if (rows < 4 && bytes == 4) {
      joinFloats(from, out, rows, columns);
      continue;
    }
    for (let i: u32 = 0; i < rows; i += tall) {
      for (let j: u32 = 0; j < columns; j += wide) {
        const endRow = min(rows, i + tall);
        const endColumn = min(columns, j + wide);
        if (bytes == 4) swapFloats(from, out, rows, columns, i, endRow, j, endColumn);
        else if (bytes == 1) swapBytes(from, out, rows, columns, i, endRow, j, endColumn);
        else {
          const first = from + (bytes as usize) * ((i * columns + j) as usize);
          const target = out + (bytes as usize) * ((j * rows + i) as usize);
          swapElements(first, target, rows, columns, endRow - i, endColumn - j, bytes as usize);
        }
      }
    }
  }
}

// Two or three columns: each row is read with what follows it, four numbers, of which the last ones are left.
function splitFloats(from: usize, out: usize, rows: u32, columns: u32): void {
  const along = (columns as usize) << 2;
  const down = (rows as usize) << 2;
  let i: u32 = 0;
  // a row after the four holds what the last one reads beyond its end
  for (let at = from, to = out; i + 6 <= rows; i += 4, at += 4 * along, to += 16) {
    const a = v128.load(at);
    const b = v128.load(at + along);
    const c = v128.load(at + 2 * along);
    const d = v128.load(at + 3 * along);
    const ab = i32x4.shuffle(a, b, 0, 4, 1, 5);
    const cd = i32x4.shuffle(c, d, 0, 4, 1, 5);
    v128.store(to, i64x2.shuffle(ab, cd, 0, 2));
    v128.store(to + down, i64x2.shuffle(ab, cd, 1, 3));
    if (columns == 3) v128.store(to + 2 * down, i64x2.shuffle(i32x4.shuffle(a, b, 2, 6, 3, 7), i32x4.shuffle(c, d, 2, 6, 3, 7), 0, 2));
  }
  eachFloat(from, out, rows, columns, i, rows, 0, columns);
}

function splitBytes(from: usize, out: usize, rows: u32, columns: u32): void {
  const along = columns as usize;
  let i: u32 = 0;
  for (let at = from, to = out; i + 18 <= rows; i += 16, at += 16 * along, to += 16) {
    const a = fourByFour(at, along);
    const b = fourByFour(at + 4 * along, along);
    const c = fourByFour(at + 8 * along, along);
    const d = fourByFour(at + 12 * along, along);
    const ab = i32x4.shuffle(a, b, 0, 4, 1, 5);
    const cd = i32x4.shuffle(c, d, 0, 4, 1, 5);
    v128.store(to, i64x2.shuffle(ab, cd, 0, 2));
    v128.store(to + (rows as usize), i64x2.shuffle(ab, cd, 1, 3));
    if (columns == 3)
      v128.store(to + 2 * (rows as usize), i64x2.shuffle(i32x4.shuffle(a, b, 2, 6, 3, 7), i32x4.shuffle(c, d, 2, 6, 3, 7), 0, 2));
  }
  eachByte(from, out, rows, columns, i, rows, 0, columns);
}

// Two or three rows: each column is written as four numbers, of which the next column overwrites the last ones.
function joinFloats(from: usize, out: usize, rows: u32, columns: u32): void {
  const along = (columns as usize) << 2;
  const down = (rows as usize) << 2;
  const third: usize = rows == 3 ? 2 * along : 0;
  let j: u32 = 0;
  for (let at = from, to = out; j + 6 <= columns; j += 4, at += 16, to += 4 * down) {
    const c = v128.load(at + third);
    storeTransposed(to, down, v128.load(at), v128.load(at + along), c, c);
  }
  eachFloat(from, out, rows, columns, 0, rows, j, columns);
}

// a part of height x width, whose first element is at `from`, and goes to `out`
function swapElements(from: usize, out: usize, rows: u32, columns: u32, height: u32, width: u32, bytes: usize): void {
  for (let j: u32 = 0; j < width; j++) {
    for (let i: u32 = 0; i < height; i++) {
      memory.copy(out + bytes * ((j * rows + i) as usize), from + bytes * ((i * columns + j) as usize), bytes);
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
    eachByte(from, out, rows, columns, i, endRow, j, endColumn);
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

function eachByte(from: usize, out: usize, rows: u32, columns: u32, i: u32, endRow: u32, j: u32, endColumn: u32): void {
  for (let l = j; l < endColumn; l++) {
    let to = out + ((l * rows + i) as usize);
    let at = from + ((i * columns + l) as usize);
    for (let k = i; k < endRow; k++, to++, at += columns as usize) store<u8>(to, load<u8>(at));
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
