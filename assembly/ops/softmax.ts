import { held } from "../inline/held";
import { highHalf, lowHalf, maxF32, readLanes, sumF64, writeLanes } from "../inline/lanes";
import { exp4, log4 } from "../inline/math";

// A row of each tile lies in a few lines of the cache, each of which is then read as a whole: one column at a time, rows that are a power of
// 2 apart would push one another out of the cache.
const COLUMNS: usize = 64;

// for each column of a tile: the largest number, then what all are multiplied or diminished by, and a sum in float64
const largest = memory.data(256, 16);
const totals = memory.data(512, 16);

/**
 * Softmax (`logarithm`: its logarithm) over the middle axis of a[outer, n, inner]. The largest logit is taken off first, so
 * no finite input overflows.
 */
export function softmax_f32(a: usize, out: usize, outer: u32, n: u32, inner: u32, logarithm: bool): void {
  const stride = (inner as usize) << 2;
  const block = stride * (n as usize);
  for (let o: u32 = 0; o < outer; o++) {
    if (inner == 1) softmaxRow(a, out, block, logarithm);
    let width: usize = 0;
    for (let i: usize = 0; i < stride && inner > 1; i += width) {
      width = min(stride - i, 4 * COLUMNS);
      softmaxTile(a + i, out + i, stride, block, width, logarithm);
    }
    a += block;
    out += block;
  }
}

// a row by itself, of `bytes` bytes
function softmaxRow(a: usize, out: usize, bytes: usize, logarithm: bool): void {
  let single = false;
  let most = readLanes(a, true);
  for (let i: usize = 0; i < bytes; i += single ? 4 : 16) {
    single = i + 16 > bytes;
    most = f32x4.pmax(most, readLanes(a + i, single));
  }
  const shift = held(f32x4.splat(maxF32(most)));
  let total = f64x2.splat(0);
  let rest: f64 = 0;
  for (let i: usize = 0; i < bytes; i += single ? 4 : 16) {
    single = i + 16 > bytes;
    const shifted = f32x4.sub(readLanes(a + i, single), shift);
    const e = exp4(shifted);
    writeLanes(out + i, logarithm ? shifted : e, single);
    if (single) rest += f32x4.extract_lane(e, 0) as f64;
    else total = f64x2.add(total, f64x2.add(lowHalf(e), highHalf(e)));
  }
  const sum = sumF64(total) + rest;
  const factor = held(logarithm ? log4(f32x4.splat(sum as f32)) : f32x4.splat((1 / sum) as f32));
  for (let i: usize = 0; i < bytes; i += single ? 4 : 16) {
    single = i + 16 > bytes;
    const v = readLanes(out + i, single);
    writeLanes(out + i, logarithm ? f32x4.sub(v, factor) : f32x4.mul(v, factor), single);
  }
}

// `width` bytes of columns; those that fill no vector go one by one
function softmaxTile(a: usize, out: usize, stride: usize, block: usize, width: usize, logarithm: bool): void {
  memory.copy(largest, a, width);
  for (let k = stride; k < block; k += stride) raise(a + k, width);
  memory.fill(totals, 0, 2 * width);
  for (let k: usize = 0; k < block; k += stride) exponentials(a + k, out + k, width, logarithm);
  for (let i: usize = 0; i < width; i += 16) {
    const total = totalsOf(i);
    v128.store(largest + i, logarithm ? log4(total) : f32x4.div(f32x4.splat(1), total));
  }
  for (let k: usize = 0; k < block; k += stride) normalise(out + k, width, logarithm);
}

// largest = the larger of it and the row. A NaN that it leaves out is one of the exponentials, and so of the total.
function raise(row: usize, width: usize): void {
  let i: usize = 0;
  for (; i + 16 <= width; i += 16) v128.store(largest + i, f32x4.pmax(v128.load(largest + i), v128.load(row + i)));
  for (; i < width; i += 4) store<f32>(largest + i, max(load<f32>(largest + i), load<f32>(row + i)));
}

// out = e^(row - largest) or, for the logarithm, row - largest; adds up the exponentials
function exponentials(row: usize, out: usize, width: usize, logarithm: bool): void {
  let single = false;
  for (let i: usize = 0; i < width; i += single ? 4 : 16) {
    single = i + 16 > width;
    const shifted = f32x4.sub(readLanes(row + i, single), readLanes(largest + i, single));
    const e = exp4(shifted);
    writeLanes(out + i, logarithm ? shifted : e, single);
    addTotals(i, e, single);
  }
}

// adds four numbers, or the first of them, to the totals of the columns from byte i on
// @ts-ignore: decorator
@inline
function addTotals(i: usize, v: v128, single: bool): void {
  const at = totals + 2 * i;
  if (single) {
    store<f64>(at, load<f64>(at) + (f32x4.extract_lane(v, 0) as f64));
    return;
  }
  v128.store(at, f64x2.add(v128.load(at), lowHalf(v)));
  v128.store(at, f64x2.add(v128.load(at, 16), highHalf(v)), 16);
}

// @ts-ignore: decorator
@inline
function totalsOf(i: usize): v128 {
  const at = totals + 2 * i;
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(v128.load(at)), f32x4.demote_f64x2_zero(v128.load(at, 16)), 0, 1, 4, 5);
}

function normalise(out: usize, width: usize, logarithm: bool): void {
  let single = false;
  for (let i: usize = 0; i < width; i += single ? 4 : 16) {
    single = i + 16 > width;
    const v = readLanes(out + i, single);
    const t = readLanes(largest + i, single);
    writeLanes(out + i, logarithm ? f32x4.sub(v, t) : f32x4.mul(v, t), single);
  }
}

/**
 * The adjoint of softmax: out = y (g - sum of g y), y the softmax; of its logarithm y: out = g - e^y sum of g. `out` may be `upstream`.
 */
export function softmaxGrad_f32(y: usize, upstream: usize, out: usize, outer: u32, n: u32, inner: u32, logarithm: bool): void {
  const stride = (inner as usize) << 2;
  const block = stride * (n as usize);
  for (let o: u32 = 0; o < outer; o++) {
    if (inner == 1) softmaxRowGrad(y, upstream, out, block, logarithm);
    let width: usize = 0;
    for (let i: usize = 0; i < stride && inner > 1; i += width) {
      width = min(stride - i, 4 * COLUMNS);
      memory.fill(totals, 0, 2 * width);
      for (let k = i; k < i + block; k += stride) addRow(y + k, upstream + k, width, logarithm);
      for (let k = i; k < i + block; k += stride) subtractRow(y + k, upstream + k, out + k, width, logarithm);
    }
    y += block;
    upstream += block;
    out += block;
  }
}

function softmaxRowGrad(y: usize, g: usize, out: usize, bytes: usize, logarithm: bool): void {
  let single = false;
  let sums = f64x2.splat(0);
  let rest: f64 = 0;
  for (let i: usize = 0; i < bytes; i += single ? 4 : 16) {
    single = i + 16 > bytes;
    const v = readLanes(g + i, single);
    const p = readLanes(y + i, single);
    const low = logarithm ? lowHalf(v) : f64x2.mul(lowHalf(v), lowHalf(p));
    const high = logarithm ? highHalf(v) : f64x2.mul(highHalf(v), highHalf(p));
    if (single) rest += f64x2.extract_lane(low, 0);
    else sums = f64x2.add(sums, f64x2.add(low, high));
  }
  const total = held(f32x4.splat((sumF64(sums) + rest) as f32));
  for (let i: usize = 0; i < bytes; i += single ? 4 : 16) {
    single = i + 16 > bytes;
    const v = readLanes(g + i, single);
    const p = readLanes(y + i, single);
    writeLanes(out + i, logarithm ? f32x4.sub(v, f32x4.mul(exp4(p), total)) : f32x4.mul(p, f32x4.sub(v, total)), single);
  }
}

// totals, float64, += g y, or g for the logarithm
function addRow(y: usize, g: usize, width: usize, logarithm: bool): void {
  let i: usize = 0;
  for (; i + 16 <= width; i += 16) {
    const v = v128.load(g + i);
    const p = v128.load(y + i);
    const low = logarithm ? lowHalf(v) : f64x2.mul(lowHalf(v), lowHalf(p));
    const high = logarithm ? highHalf(v) : f64x2.mul(highHalf(v), highHalf(p));
    const at = totals + 2 * i;
    v128.store(at, f64x2.add(v128.load(at), low));
    v128.store(at, f64x2.add(v128.load(at, 16), high), 16);
  }
  for (; i < width; i += 4) {
    const v = load<f32>(g + i) as f64;
    store<f64>(totals + 2 * i, load<f64>(totals + 2 * i) + (logarithm ? v : v * (load<f32>(y + i) as f64)));
  }
}

function subtractRow(y: usize, g: usize, out: usize, width: usize, logarithm: bool): void {
  let single = false;
  for (let i: usize = 0; i < width; i += single ? 4 : 16) {
    single = i + 16 > width;
    const total = totalsOf(i);
    const v = readLanes(g + i, single);
    const p = readLanes(y + i, single);
    writeLanes(out + i, logarithm ? f32x4.sub(v, f32x4.mul(exp4(p), total)) : f32x4.mul(p, f32x4.sub(v, total)), single);
  }
}
