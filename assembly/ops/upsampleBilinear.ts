// Bilinear upsampling is separable: two rows of the source are blended into a row, which is then expanded. Its adjoint does the same
// backwards: rows of the upstream gradient are summed, then columns. Where an output lies between pixels is a tap: the lower pixel
// (u32), and the weight (f32) of the one after it. From one output to the next the lower pixel is the same or the following one.
//
// Scale 2 without aligned corners, the usual one, has weights of 1/4 and 3/4 only and loops of its own along the columns:
//
//   out[2 j] = row[j - 1] / 4 + 3 row[j] / 4        out[2 j + 1] = 3 row[j] / 4 + row[j + 1] / 4
//
// and at the border the pixel there alone.

import { evenLanes, oddLanes } from "../inline/lanes";

/**
 * out = `planes` planes of height x width, enlarged `scale` times each way. The centres of the pixels keep their places, or
 * (`alignCorners`) those of the pixels in the corners go to the corners. `scratch` holds 8 scale (height + 2 width) + 8 bytes.
 */
export function upsampleBilinear_f32(
  a: usize,
  out: usize,
  planes: u32,
  height: u32,
  width: u32,
  scale: u32,
  alignCorners: bool,
  scratch: usize,
): void {
  if (planes * height * width == 0) return;
  const outWidth = width * scale;
  const pitch = (width as usize) << 2;
  const columns = writeTaps(scratch, height, scale, alignCorners);
  // a row, with one number before and one after it that may be read and weigh nothing
  const row = writeTaps(columns, width, scale, alignCorners) + 4;
  const isQuarters = scale == 2 && !alignCorners;
  for (let p: u32 = 0; p < planes; p++) {
    for (let tap = scratch; tap < columns; tap += 8) {
      blendRows(a + pitch * (load<u32>(tap) as usize), pitch, load<f32>(tap, 4), row);
      if (isQuarters) expandQuarters(row, out, width);
      else expandRow(row, columns, out, outWidth);
      out += (outWidth as usize) << 2;
    }
    a += pitch * (height as usize);
  }
}

// the taps of all outputs along an axis; returns where they end
function writeTaps(taps: usize, extent: u32, scale: u32, alignCorners: bool): usize {
  const last = (extent - 1) as i64;
  const outExtent = (extent * scale) as i64;
  // an output lies at numerator / denominator
  const denominator = alignCorners ? max<i64>(outExtent - 1, 1) : 2 * (scale as i64);
  for (let x: i64 = 0; x < outExtent; x++) {
    const numerator = alignCorners ? x * last : min(max<i64>(2 * x + 1 - (scale as i64), 0), last * denominator);
    store<u32>(taps, (numerator / denominator) as u32);
    store<f32>(taps, (((numerator % denominator) as f64) / (denominator as f64)) as f32, 4);
    taps += 8;
  }
  return taps;
}

// row = (1 - weight) lower + weight * the row after it; with weight 0 that one may lie outside
function blendRows(lower: usize, pitch: usize, weight: f32, row: usize): void {
  if (weight == 0) {
    memory.copy(row, lower, pitch);
    return;
  }
  const upper = lower + pitch;
  const rest: f32 = 1 - weight;
  let i: usize = 0;
  for (; i + 16 <= pitch; i += 16) {
    const blend = f32x4.add(f32x4.mul(v128.load(lower + i), f32x4.splat(rest)), f32x4.mul(v128.load(upper + i), f32x4.splat(weight)));
    v128.store(row + i, blend);
  }
  for (; i < pitch; i += 4) store<f32>(row + i, load<f32>(lower + i) * rest + load<f32>(upper + i) * weight);
}

function expandQuarters(row: usize, out: usize, width: u32): void {
  const end = row + ((width as usize) << 2);
  let to = out;
  let at = row;
  for (; at + 16 <= end; at += 16) {
    const own = f32x4.mul(v128.load(at), f32x4.splat(0.75));
    const left = f32x4.add(own, f32x4.mul(v128.load(at - 4), f32x4.splat(0.25)));
    const right = f32x4.add(own, f32x4.mul(v128.load(at + 4), f32x4.splat(0.25)));
    v128.store(to, v128.shuffle<f32>(left, right, 0, 4, 1, 5));
    v128.store(to, v128.shuffle<f32>(left, right, 2, 6, 3, 7), 16);
    to += 32;
  }
  for (; at < end; at += 4) {
    const own = load<f32>(at) * 0.75;
    store<f32>(to, own + load<f32>(at - 4) * 0.25);
    store<f32>(to, own + load<f32>(at + 4) * 0.25, 4);
    to += 8;
  }
  // at the border there is no neighbour to take a quarter of
  store<f32>(out, load<f32>(row));
  store<f32>(to - 4, load<f32>(end - 4));
}

function expandRow(row: usize, columns: usize, out: usize, outWidth: u32): void {
  const end = out + ((outWidth as usize) << 2);
  for (; out + 16 <= end; out += 16) {
    const weights = oddLanes(v128.load(columns), v128.load(columns, 16));
    // each pixel and the one after it
    let left = v128.load64_zero(row + ((load<u32>(columns) as usize) << 2));
    left = v128.load64_lane(row + ((load<u32>(columns, 8) as usize) << 2), left, 1);
    let right = v128.load64_zero(row + ((load<u32>(columns, 16) as usize) << 2));
    right = v128.load64_lane(row + ((load<u32>(columns, 24) as usize) << 2), right, 1);
    const lower = f32x4.mul(evenLanes(left, right), f32x4.sub(f32x4.splat(1), weights));
    // with weight 0 nothing is taken even of an infinity
    const upper = v128.and(f32x4.mul(oddLanes(left, right), weights), f32x4.ne(weights, f32x4.splat(0)));
    v128.store(out, f32x4.add(lower, upper));
    columns += 32;
  }
  for (; out < end; out += 4) {
    const at = row + ((load<u32>(columns) as usize) << 2);
    const weight = load<f32>(columns, 4);
    const upper: f32 = weight == 0 ? 0 : load<f32>(at, 4) * weight;
    store<f32>(out, load<f32>(at) * (1 - weight) + upper);
    columns += 8;
  }
}

/** The adjoint of `upsampleBilinear_f32`: out, of height x width, from the upstream gradient of the enlarged planes; the same scratch. */
export function upsampleBilinearGrad_f32(
  upstream: usize,
  out: usize,
  planes: u32,
  height: u32,
  width: u32,
  scale: u32,
  alignCorners: bool,
  scratch: usize,
): void {
  if (planes * height * width == 0) return;
  const size = ((height * width) as usize) << 2;
  const outSize = size * (scale as usize) * (scale as usize);
  if (scale == 2 && !alignCorners) {
    for (let p: u32 = 0; p < planes; p++) foldQuarters(upstream + outSize * p, out + size * p, height, width, scratch);
    return;
  }
  const columns = writeTaps(scratch, height, scale, alignCorners);
  const sums = writeTaps(columns, width, scale, alignCorners);
  for (let p: u32 = 0; p < planes; p++) foldPlane(upstream + outSize * p, out + size * p, scratch, columns, sums);
}

// a plane of the adjoint of scale 2; `row` is scratch for 2 width + 2 numbers
function foldQuarters(upstream: usize, out: usize, height: u32, width: u32, row: usize): void {
  const pitch = (width as usize) << 3;
  const last = upstream + pitch * ((2 * height - 1) as usize);
  for (let y: u32 = 0; y < height; y++) {
    const first = upstream + pitch * ((2 * y) as usize);
    const above = y == 0 ? first : first - pitch;
    sumQuarters(above, first, min(first + 2 * pitch, last), pitch, row + 4);
    store<f32>(row, load<f32>(row, 4));
    store<f32>(row + pitch, load<f32>(row + pitch), 4);
    out = gatherQuarters(row, out, width);
  }
}

// row = above / 4 + 3 first / 4 + 3 (the row after first) / 4 + below / 4
function sumQuarters(above: usize, first: usize, below: usize, pitch: usize, row: usize): void {
  let i: usize = 0;
  for (; i + 16 <= pitch; i += 16) {
    const near = f32x4.add(v128.load(first + i), v128.load(first + pitch + i));
    const far = f32x4.add(v128.load(above + i), v128.load(below + i));
    v128.store(row + i, f32x4.add(f32x4.mul(near, f32x4.splat(0.75)), f32x4.mul(far, f32x4.splat(0.25))));
  }
  for (; i < pitch; i += 4) {
    const near = load<f32>(first + i) + load<f32>(first + pitch + i);
    const far = load<f32>(above + i) + load<f32>(below + i);
    store<f32>(row + i, near * 0.75 + far * 0.25);
  }
}

// the same along the columns, for a row that begins with column -1; returns where the row of `out` ends
function gatherQuarters(row: usize, out: usize, width: u32): usize {
  const end = out + ((width as usize) << 2);
  for (; out + 16 <= end; out += 16) {
    const left = v128.load(row);
    const right = v128.load(row, 16);
    const shiftedLeft = v128.load(row, 8);
    const shiftedRight = v128.load(row, 24);
    const near = f32x4.add(oddLanes(left, right), evenLanes(shiftedLeft, shiftedRight));
    const far = f32x4.add(evenLanes(left, right), oddLanes(shiftedLeft, shiftedRight));
    v128.store(out, f32x4.add(f32x4.mul(near, f32x4.splat(0.75)), f32x4.mul(far, f32x4.splat(0.25))));
    row += 32;
  }
  for (; out < end; out += 4) {
    const near = load<f32>(row, 4) + load<f32>(row, 8);
    const far = load<f32>(row) + load<f32>(row, 12);
    store<f32>(out, near * 0.75 + far * 0.25);
    row += 8;
  }
  return out;
}

// a plane of the adjoint by taps, those of the rows from `rows` to `columns`, those of the columns from there to `sums`, where there is
// scratch for two rows of the upstream gradient
function foldPlane(upstream: usize, out: usize, rows: usize, columns: usize, sums: usize): void {
  const pitch = (sums - columns) >> 1;
  // what goes to row `y` of `out`, and what goes to the row after it
  let y: u32 = 0;
  let lower = sums;
  let upper = sums + pitch;
  memory.fill(sums, 0, 2 * pitch);
  for (let tap = rows; tap < columns; tap += 8) {
    if (load<u32>(tap) > y) {
      out = foldRow(lower, columns, sums, out);
      memory.fill(lower, 0, pitch);
      const done = lower;
      lower = upper;
      upper = done;
      y++;
    }
    addRow(upstream, pitch, load<f32>(tap, 4), lower, upper);
    upstream += pitch;
  }
  foldRow(lower, columns, sums, out);
}

// lower += (1 - weight) row, upper += weight * row
function addRow(row: usize, pitch: usize, weight: f32, lower: usize, upper: usize): void {
  const rest: f32 = 1 - weight;
  let i: usize = 0;
  for (; i + 16 <= pitch; i += 16) {
    const g = v128.load(row + i);
    v128.store(lower + i, f32x4.add(v128.load(lower + i), f32x4.mul(g, f32x4.splat(rest))));
    if (weight != 0) v128.store(upper + i, f32x4.add(v128.load(upper + i), f32x4.mul(g, f32x4.splat(weight))));
  }
  for (; i < pitch; i += 4) {
    const g = load<f32>(row + i);
    store<f32>(lower + i, load<f32>(lower + i) + g * rest);
    if (weight != 0) store<f32>(upper + i, load<f32>(upper + i) + g * weight);
  }
}

// a row of `out` from the sums of its rows; returns where it ends
function foldRow(row: usize, columns: usize, end: usize, out: usize): usize {
  let x: u32 = 0;
  let lower: f64 = 0;
  let upper: f64 = 0;
  for (let tap = columns; tap < end; tap += 8) {
    if (load<u32>(tap) > x) {
      store<f32>(out, lower as f32);
      out += 4;
      lower = upper;
      upper = 0;
      x++;
    }
    const g = load<f32>(row) as f64;
    const weight = load<f32>(tap, 4) as f64;
    lower += (1 - weight) * g;
    if (weight != 0) upper += weight * g;
    row += 4;
  }
  store<f32>(out, lower as f32);
  return out + 4;
}
