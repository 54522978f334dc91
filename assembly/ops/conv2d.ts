// Direct convolution (the cross-correlation of deep learning) in NCHW. The caller lays out each tile of the image padded, so that no
// inner loop tests a border; `conv2dPad_f32` does it. A stride s is taken apart there: the padded tile becomes planes of every
// s-th row and column, in which each tap of the kernel again reads neighbours. There are as many planes a channel as phases that
// taps read: min(s, kernelHeight) times min(s, kernelWidth).
//
//   padded[channel, py, px, y, x] = image[channel, y s + py - paddingTop, x s + px - paddingLeft]
//   tap (ky, kx) = plane (ky mod s, kx mod s), shifted by (ky / s, kx / s)
//
// What is left is a matrix product of weights [out, terms] and pixels [terms, x], whose rows a table finds: a term is one tap
// of one channel, so that one flat loop serves kernels of every size.

import { mulAdd } from "../inline/mulAdd";

/** Bytes from a pixel of the output to each of its terms, `channels * kernelHeight * kernelWidth` u32. */
export function conv2dTerms(
  terms: usize,
  channels: u32,
  kernelHeight: u32,
  kernelWidth: u32,
  stride: u32,
  planeHeight: u32,
  planeWidth: u32,
): void {
  const plane = planeHeight * planeWidth;
  const phasesY = min(stride, kernelHeight);
  const phasesX = min(stride, kernelWidth);
  for (let c: u32 = 0; c < channels; c++) {
    for (let ky: u32 = 0; ky < kernelHeight; ky++) {
      for (let kx: u32 = 0; kx < kernelWidth; kx++) {
        const at = ((c * phasesY + (ky % stride)) * phasesX + (kx % stride)) * plane;
        store<u32>(terms, (at + (ky / stride) * planeWidth + kx / stride) << 2);
        terms += 4;
      }
    }
  }
}

/** Lays `channels` planes of height x width out as above, zeros outside. Paddings below 0 cut off. */
export function conv2dPad_f32(
  image: usize,
  padded: usize,
  channels: u32,
  height: i32,
  width: i32,
  paddingTop: i32,
  paddingLeft: i32,
  stride: i32,
  phasesY: i32,
  phasesX: i32,
  planeHeight: i32,
  planeWidth: i32,
): void {
  const pitch = (planeWidth as usize) << 2;
  for (let c: u32 = 0; c < channels; c++) {
    for (let py: i32 = 0; py < phasesY; py++) {
      for (let px: i32 = 0; px < phasesX; px++) {
        for (let row: i32 = 0; row < planeHeight; row++) {
          const y = row * stride + py - paddingTop;
          if (y < 0 || y >= height) memory.fill(padded, 0, pitch);
          else padRow(image + (((y * width) as usize) << 2), padded, width, px - paddingLeft, stride, planeWidth);
          padded += pitch;
        }
      }
    }
    image += ((height * width) as usize) << 2;
  }
}

// target[i] = source[i stride + shift] where there is such a pixel, else 0
function padRow(source: usize, target: usize, width: i32, shift: i32, stride: i32, planeWidth: i32): void {
  if (stride == 1) {
    const from = min(planeWidth, max(0, -shift));
    const to = max(from, min(planeWidth, width - shift));
    for (let x = 0; x < from; x++) store<f32>(target + ((x as usize) << 2), 0);
    memory.copy(target + ((from as usize) << 2), source + (((from + shift) as usize) << 2), ((to - from) as usize) << 2);
    for (let x = to; x < planeWidth; x++) store<f32>(target + ((x as usize) << 2), 0);
    return;
  }
  for (let x = shift, end = shift + planeWidth * stride; x < end; x += stride) {
    store<f32>(target, x >= 0 && x < width ? load<f32>(source + ((x as usize) << 2)) : 0);
    target += 4;
  }
}

/**
 * Biases [out] (`bias` 0: none) and weights [out, terms] as blocks of four output channels, [out / 4, 1 + terms, 4], the biases
 * first; zeros for channels that do not exist.
 */
export function conv2dPack_f32(weight: usize, bias: usize, packed: usize, outChannels: u32, terms: u32): void {
  const row = (terms as usize) << 2;
  for (let o: u32 = 0; o < outChannels; o += 4) {
    for (let lane: u32 = 0; lane < 4; lane++, packed += 4) {
      const exists = o + lane < outChannels;
      const from = weight + row * ((o + lane) as usize);
      store<f32>(packed, bias && exists ? load<f32>(bias + (((o + lane) as usize) << 2)) : 0);
      for (let i: usize = 0; i < row; i += 4) store<f32>(packed + 16 + (i << 2), exists ? load<f32>(from + i) : 0);
    }
    packed += row << 2;
  }
}

/**
 * The weights [out, in, kernelHeight, kernelWidth] as those of the input's gradient, packed alike, without biases: a convolution of stride
 * 1 with an output channel for each channel of the input and phase of the stride, [in, phasesY, phasesX]. Phase p of an axis has the
 * taps firstY + p, firstY + p + strideY and so on, `tapsY` of them, the last one first.
 */
export function conv2dPackGrad_f32(
  weight: usize,
  packed: usize,
  outChannels: u32,
  inChannels: u32,
  kernelHeight: u32,
  kernelWidth: u32,
  strideY: u32,
  firstY: u32,
  phasesY: u32,
  tapsY: u32,
  strideX: u32,
  firstX: u32,
  phasesX: u32,
  tapsX: u32,
): void {
  const kernelSize = kernelHeight * kernelWidth;
  const count = inChannels * phasesY * phasesX;
  const step = ((outChannels * tapsY * tapsX) as usize) << 4;
  for (let block: u32 = 0; block < count; block += 4) {
    for (let lane: u32 = 0; lane < 4; lane++, packed += 4) {
      const o = block + lane;
      store<f32>(packed, 0);
      let to = packed + 16;
      const c = o / (phasesY * phasesX);
      const lastY = firstY + ((o / phasesX) % phasesY) + (tapsY - 1) * strideY;
      const lastX = firstX + (o % phasesX) + (tapsX - 1) * strideX;
      for (let i: u32 = 0; i < outChannels; i++) {
        for (let ty: u32 = 0; ty < tapsY; ty++) {
          const row = (i * inChannels + c) * kernelSize + (lastY - ty * strideY) * kernelWidth + lastX;
          for (let tx: u32 = 0; tx < tapsX; tx++, to += 16) {
            store<f32>(to, o < count ? load<f32>(weight + (((row - tx * strideX) as usize) << 2)) : 0);
          }
        }
      }
    }
    packed += step;
  }
}

/**
 * Puts a tile of what such a convolution gives, [channels, phasesY, phasesX, rows, columns], where it belongs in the gradient
 * [channels, height, width]: row i of phase p is row top + p + i strideY; what lies outside is left out.
 */
export function conv2dScatter_f32(
  tile: usize,
  out: usize,
  channels: u32,
  height: i32,
  width: i32,
  top: i32,
  strideY: i32,
  phasesY: i32,
  rows: i32,
  left: i32,
  strideX: i32,
  phasesX: i32,
  columns: i32,
): void {
  const pitch = (columns as usize) << 2;
  const step = (strideX as usize) << 2;
  for (let c: u32 = 0; c < channels; c++) {
    for (let py: i32 = 0; py < phasesY; py++) {
      for (let px: i32 = 0; px < phasesX; px++) {
        const x = left + px;
        const from = x < 0 ? (strideX - 1 - x) / strideX : 0;
        for (let row: i32 = 0; row < rows; row++, tile += pitch) {
          const y = top + py + row * strideY;
          if (y < 0 || y >= height) continue;
          let to = out + (((y * width + x + from * strideX) as usize) << 2);
          const end = out + ((((y + 1) * width) as usize) << 2);
          for (let i = from; i < columns && to < end; i++, to += step) store<f32>(to, load<f32>(tile + ((i as usize) << 2)));
        }
      }
    }
    out += ((height * width) as usize) << 2;
  }
}

/**
 * out[o, y, x] = bias + sum over the terms of weight * padded pixel, both as packed above, for a tile of height x width. `pitch`: bytes
 * from row to row of a padded plane; `outPitch`, `outPlane`: bytes from row to row and from channel to channel of `out`.
 */
export function conv2d_f32(
  padded: usize,
  pitch: usize,
  terms: usize,
  termCount: u32,
  packed: usize,
  out: usize,
  outPlane: usize,
  outPitch: usize,
  outChannels: u32,
  height: u32,
  width: u32,
): void {
  const rowBytes = (width as usize) << 2;
  const packedBlock = ((termCount as usize) + 1) << 4;
  const termsEnd = terms + ((termCount as usize) << 2);
  for (let y: u32 = 0; y < height; y++) {
    // a strip of pixels stays in the first cache for all output channels
    for (let strip: usize = 0; strip < rowBytes; strip += STRIP) {
      const end = min(rowBytes, strip + STRIP);
      let block = packed;
      for (let o: u32 = 0; o < outChannels; o += 4) {
        row4(padded, strip, end, terms, termsEnd, block, out + outPlane * (o as usize), outPlane, min(<u32>4, outChannels - o));
        block += packedBlock;
      }
    }
    padded += pitch;
    out += outPitch;
  }
}

// bytes of a row that are worked on at a time: 32 pixels
const STRIP: usize = 128;

// the pixels of one to four channels from byte x to byte `end` of a row, in blocks of four channels by eight pixels or one by 32;
// where the last block does not fit, it overlaps the one before
function row4(
  input: usize,
  x: usize,
  end: usize,
  terms: usize,
  termsEnd: usize,
  packed: usize,
  out: usize,
  outPlane: usize,
  lanes: u32,
): void {
  if (lanes == 1 && end >= 128) {
    x = min(x, end - 128);
    block1x32(input + x, terms, termsEnd, packed, out + x);
    return;
  }
  if (end >= 32) {
    for (; x + 32 <= end; x += 32) block4x8(input + x, terms, termsEnd, packed, out + x, outPlane, lanes);
    if (x == end) return;
    x = end - 32;
    block4x8(input + x, terms, termsEnd, packed, out + x, outPlane, lanes);
    return;
  }
  for (; x < end; x += 4) column4(input + x, terms, termsEnd, packed, out + x, outPlane, lanes);
}

// The sums stand in pairs that share a weight: TurboFan keeps the order of the locals, and so all of them in registers. Biases
// and weights are read at the same offsets: what serves before the loop, too, is not computed within.
function block4x8(input: usize, terms: usize, termsEnd: usize, packed: usize, out: usize, outPlane: usize, lanes: u32): void {
  let a0 = v128.load32_splat(packed);
  let b0 = a0;
  let a1 = v128.load32_splat(packed, 4);
  let b1 = a1;
  let a2 = v128.load32_splat(packed, 8);
  let b2 = a2;
  let a3 = v128.load32_splat(packed, 12);
  let b3 = a3;
  for (; terms < termsEnd; terms += 4) {
    packed += 16;
    const p = input + (load<u32>(terms) as usize);
    const left = v128.load(p);
    const right = v128.load(p, 16);
    let w = v128.load32_splat(packed);
    a0 = mulAdd(a0, w, left);
    b0 = mulAdd(b0, w, right);
    w = v128.load32_splat(packed, 4);
    a1 = mulAdd(a1, w, left);
    b1 = mulAdd(b1, w, right);
    w = v128.load32_splat(packed, 8);
    a2 = mulAdd(a2, w, left);
    b2 = mulAdd(b2, w, right);
    w = v128.load32_splat(packed, 12);
    a3 = mulAdd(a3, w, left);
    b3 = mulAdd(b3, w, right);
  }
  v128.store(out, a0);
  v128.store(out, b0, 16);
  if (lanes == 1) return;
  v128.store(out + outPlane, a1);
  v128.store(out + outPlane, b1, 16);
  if (lanes == 2) return;
  v128.store(out + 2 * outPlane, a2);
  v128.store(out + 2 * outPlane, b2, 16);
  if (lanes == 3) return;
  v128.store(out + 3 * outPlane, a3);
  v128.store(out + 3 * outPlane, b3, 16);
}

function block1x32(input: usize, terms: usize, termsEnd: usize, packed: usize, out: usize): void {
  let a0 = v128.load32_splat(packed);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let a4 = a0;
  let a5 = a0;
  let a6 = a0;
  let a7 = a0;
  for (; terms < termsEnd; terms += 4) {
    packed += 16;
    const p = input + (load<u32>(terms) as usize);
    const w = v128.load32_splat(packed);
    a0 = mulAdd(a0, w, v128.load(p));
    a1 = mulAdd(a1, w, v128.load(p, 16));
    a2 = mulAdd(a2, w, v128.load(p, 32));
    a3 = mulAdd(a3, w, v128.load(p, 48));
    a4 = mulAdd(a4, w, v128.load(p, 64));
    a5 = mulAdd(a5, w, v128.load(p, 80));
    a6 = mulAdd(a6, w, v128.load(p, 96));
    a7 = mulAdd(a7, w, v128.load(p, 112));
  }
  v128.store(out, a0);
  v128.store(out, a1, 16);
  v128.store(out, a2, 32);
  v128.store(out, a3, 48);
  v128.store(out, a4, 64);
  v128.store(out, a5, 80);
  v128.store(out, a6, 96);
  v128.store(out, a7, 112);
}

// four output channels of one pixel, the channels in the lanes
function column4(input: usize, terms: usize, termsEnd: usize, packed: usize, out: usize, outPlane: usize, lanes: u32): void {
  let total = v128.load(packed);
  for (; terms < termsEnd; terms += 4) {
    packed += 16;
    const v = v128.load32_splat(input + (load<u32>(terms) as usize));
    total = mulAdd(total, v, v128.load(packed));
  }
  store<f32>(out, f32x4.extract_lane(total, 0));
  if (lanes > 1) store<f32>(out + outPlane, f32x4.extract_lane(total, 1));
  if (lanes > 2) store<f32>(out + 2 * outPlane, f32x4.extract_lane(total, 2));
  if (lanes > 3) store<f32>(out + 3 * outPlane, f32x4.extract_lane(total, 3));
}
