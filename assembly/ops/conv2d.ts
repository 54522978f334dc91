// Direct convolution (the cross-correlation of deep learning) in NCHW. The caller lays each image out padded, so that no
// inner loop tests a border; `conv2dPad_f32` does it. A stride s is taken apart there: the padded image becomes s x s planes
// of every s-th row and column, in which each tap of the kernel again reads neighbours. A table of `taps` says where.
//
//   padded[channel, py, px, y, x] = image[channel, y s + py - paddingTop, x s + px - paddingLeft]
//   tap (ky, kx) = plane (ky mod s, kx mod s), shifted by (ky / s, kx / s)

/** Bytes from the start of a channel to each tap, `kernelHeight * kernelWidth` u32. */
export function conv2dTaps(taps: usize, kernelHeight: u32, kernelWidth: u32, stride: u32, planeHeight: u32, planeWidth: u32): void {
  for (let ky: u32 = 0; ky < kernelHeight; ky++) {
    for (let kx: u32 = 0; kx < kernelWidth; kx++) {
      const plane = (ky % stride) * stride + (kx % stride);
      store<u32>(taps, (plane * planeHeight * planeWidth + (ky / stride) * planeWidth + kx / stride) << 2);
      taps += 4;
    }
  }
}

/**
 * Lays `channels` planes of height x width out as above, zeros outside. `step` spreads the source first (step 2 puts a zero
 * between neighbours), for the gradient of a strided convolution; one of `step` and `stride` is 1. Paddings below 0 cut off.
 */
export function conv2dPad_f32(
  image: usize,
  padded: usize,
  channels: u32,
  height: u32,
  width: u32,
  paddingTop: i32,
  paddingLeft: i32,
  stride: i32,
  step: i32,
  planeHeight: i32,
  planeWidth: i32,
): void {
  memory.fill(padded, 0, ((channels * stride * stride * planeHeight * planeWidth) as usize) << 2);
  for (let c: u32 = 0; c < channels; c++) {
    for (let py: i32 = 0; py < stride; py++) {
      for (let px: i32 = 0; px < stride; px++) {
        for (let row: i32 = 0; row < planeHeight; row++) {
          const y = row * stride + py - paddingTop;
          if (y < 0 || y % step != 0 || y / step >= (height as i32)) continue;
          const source = image + ((((y / step) * width) as usize) << 2);
          const target = padded + (((row * planeWidth) as usize) << 2);
          if (stride == 1 && step == 1) {
            const from = max(0, paddingLeft);
            const to = min(planeWidth, (width as i32) + paddingLeft);
            if (to > from) {
              memory.copy(target + ((from as usize) << 2), source + (((from - paddingLeft) as usize) << 2), ((to - from) as usize) << 2);
            }
            continue;
          }
          for (let column: i32 = 0; column < planeWidth; column++) {
            const x = column * stride + px - paddingLeft;
            if (x < 0 || x % step != 0 || x / step >= (width as i32)) continue;
            store<f32>(target + ((column as usize) << 2), load<f32>(source + (((x / step) as usize) << 2)));
          }
        }
        padded += ((planeHeight * planeWidth) as usize) << 2;
      }
    }
    image += ((height * width) as usize) << 2;
  }
}

/**
 * Weights [out, in, taps] as blocks of four output channels, [out / 4, in, taps, 4], zeros for channels that do not exist.
 * `flipped` packs those of the input's gradient instead: in and out exchanged, the taps in reverse order.
 */
export function conv2dPack_f32(weight: usize, packed: usize, outChannels: u32, inChannels: u32, taps: u32, flipped: bool): void {
  const blocks = (outChannels + 3) >> 2;
  for (let block: u32 = 0; block < blocks; block++) {
    for (let i: u32 = 0; i < inChannels; i++) {
      for (let t: u32 = 0; t < taps; t++) {
        for (let lane: u32 = 0; lane < 4; lane++) {
          const o = (block << 2) + lane;
          const at = flipped ? (i * outChannels + o) * taps + (taps - 1 - t) : (o * inChannels + i) * taps + t;
          store<f32>(packed, o < outChannels ? load<f32>(weight + ((at as usize) << 2)) : 0);
          packed += 4;
        }
      }
    }
  }
}

/**
 * out[o, y, x] = bias[o] + sum over channels and taps of packed weight * padded input, for one image.
 * `channelStride`: bytes from channel to channel of `padded`; `pitch`: bytes from row to row of a plane; `bias` 0: none.
 */
export function conv2d_f32(
  padded: usize,
  channelStride: usize,
  pitch: usize,
  taps: usize,
  tapCount: u32,
  packed: usize,
  bias: usize,
  out: usize,
  outChannels: u32,
  inChannels: u32,
  height: u32,
  width: u32,
): void {
  const outPitch = (width as usize) << 2;
  const outPlane = outPitch * (height as usize);
  const packedBlock = ((inChannels * tapCount) as usize) << 4;
  const tapsEnd = taps + ((tapCount as usize) << 2);
  for (let y: u32 = 0; y < height; y++) {
    const row = padded + pitch * (y as usize);
    let weight = packed;
    for (let o: u32 = 0; o < outChannels; o += 4) {
      const target = out + outPlane * (o as usize) + outPitch * (y as usize);
      const lanes = min(<u32>4, outChannels - o);
      const b = bias ? bias + ((o as usize) << 2) : 0;
      let x: usize = 0;
      for (; x + 32 <= outPitch; x += 32) {
        block4x8(row + x, channelStride, inChannels, taps, tapsEnd, weight, b, target + x, outPlane, lanes);
      }
      if (x < outPitch && outPitch >= 32) {
        // the last columns once more, as a whole block that overlaps the one before
        x = outPitch - 32;
        block4x8(row + x, channelStride, inChannels, taps, tapsEnd, weight, b, target + x, outPlane, lanes);
        x = outPitch;
      }
      for (; x < outPitch; x += 4) {
        column4(row + x, channelStride, inChannels, taps, tapsEnd, weight, b, target + x, outPlane, lanes);
      }
      weight += packedBlock;
    }
  }
}

// four output channels by eight pixels
function block4x8(
  input: usize,
  channelStride: usize,
  inChannels: u32,
  taps: usize,
  tapsEnd: usize,
  weight: usize,
  bias: usize,
  out: usize,
  outPlane: usize,
  lanes: u32,
): void {
  let a0 = f32x4.splat(bias ? load<f32>(bias) : 0);
  let a1 = f32x4.splat(bias && lanes > 1 ? load<f32>(bias, 4) : 0);
  let a2 = f32x4.splat(bias && lanes > 2 ? load<f32>(bias, 8) : 0);
  let a3 = f32x4.splat(bias && lanes > 3 ? load<f32>(bias, 12) : 0);
  let b0 = a0;
  let b1 = a1;
  let b2 = a2;
  let b3 = a3;
  for (let c: u32 = 0; c < inChannels; c++) {
    for (let t = taps; t < tapsEnd; t += 4) {
      const p = input + (load<u32>(t) as usize);
      const left = v128.load(p);
      const right = v128.load(p, 16);
      const w0 = v128.load32_splat(weight);
      a0 = f32x4.add(a0, f32x4.mul(w0, left));
      b0 = f32x4.add(b0, f32x4.mul(w0, right));
      const w1 = v128.load32_splat(weight, 4);
      a1 = f32x4.add(a1, f32x4.mul(w1, left));
      b1 = f32x4.add(b1, f32x4.mul(w1, right));
      const w2 = v128.load32_splat(weight, 8);
      a2 = f32x4.add(a2, f32x4.mul(w2, left));
      b2 = f32x4.add(b2, f32x4.mul(w2, right));
      const w3 = v128.load32_splat(weight, 12);
      a3 = f32x4.add(a3, f32x4.mul(w3, left));
      b3 = f32x4.add(b3, f32x4.mul(w3, right));
      weight += 16;
    }
    input += channelStride;
  }
  v128.store(out, a0);
  v128.store(out, b0, 16);
  if (lanes > 1) {
    v128.store(out + outPlane, a1);
    v128.store(out + outPlane, b1, 16);
  }
  if (lanes > 2) {
    v128.store(out + 2 * outPlane, a2);
    v128.store(out + 2 * outPlane, b2, 16);
  }
  if (lanes > 3) {
    v128.store(out + 3 * outPlane, a3);
    v128.store(out + 3 * outPlane, b3, 16);
  }
}

// four output channels of one pixel, the channels in the lanes
function column4(
  input: usize,
  channelStride: usize,
  inChannels: u32,
  taps: usize,
  tapsEnd: usize,
  weight: usize,
  bias: usize,
  out: usize,
  outPlane: usize,
  lanes: u32,
): void {
  let total = f32x4.splat(0);
  for (let c: u32 = 0; c < inChannels; c++) {
    for (let t = taps; t < tapsEnd; t += 4) {
      const v = v128.load32_splat(input + (load<u32>(t) as usize));
      total = f32x4.add(total, f32x4.mul(v, v128.load(weight)));
      weight += 16;
    }
    input += channelStride;
  }
  store<f32>(out, f32x4.extract_lane(total, 0) + (bias ? load<f32>(bias) : 0));
  if (lanes > 1) store<f32>(out + outPlane, f32x4.extract_lane(total, 1) + (bias ? load<f32>(bias, 4) : 0));
  if (lanes > 2) store<f32>(out + 2 * outPlane, f32x4.extract_lane(total, 2) + (bias ? load<f32>(bias, 8) : 0));
  if (lanes > 3) store<f32>(out + 3 * outPlane, f32x4.extract_lane(total, 3) + (bias ? load<f32>(bias, 12) : 0));
}
