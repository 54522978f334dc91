// Copies a tile with its padding, so that no inner loop tests a border. A stride s is taken apart here: the padded tile becomes planes of
// every s-th row and column, in which each tap of the kernel again reads neighbours. There are as many planes a channel as phases of the
// stride that taps read, planeRows times planeColumns.
//
//   padded[channel, py, px, y, x] = source[channel, y s + py - top, x s + px - left]
//   a tap ty rows and tx columns from the first = plane (ty mod s, tx mod s), shifted by (ty / s, tx / s)

import { evenLanes } from "../../inline/lanes";
import { Convolution } from "./convolution";
import { sourceOfGroup, Tile } from "./tile";

/** Writes the bytes from the first pixel of a window to each of its terms: every tap of every channel. */
export function writeTerms(c: Convolution): void {
  let terms = c.terms;
  const plane = c.planeHeight * c.planeWidth;
  const planeColumns = c.planeColumns;
  for (let channel: u32 = 0; channel < c.channels; channel++) {
    for (let ky: u32 = 0; ky < c.kernelHeight; ky++) {
      const ty = ky * c.dilation;
      const planes = (channel * c.planeRows + (ty % c.stride)) * planeColumns;
      for (let kx: u32 = 0; kx < c.kernelWidth; kx++) {
        const tx = kx * c.dilation;
        const at = (planes + (tx % c.stride)) * plane + (ty / c.stride) * c.planeWidth + tx / c.stride;
        store<u32>(terms, at << 2);
        terms += 4;
      }
    }
  }
}

/** Finds the input of the tile in the source, or copies it as above, with zeros outside. */
export function padTile(c: Convolution, t: Tile): void {
  let source = sourceOfGroup(c, t);
  t.input = source + c.pitch * (t.row as usize);
  if (c.inPlace) return;
  let padded = t.padded;
  t.input = padded;
  const height = c.height;
  const width = c.width;
  const stride = c.stride as i32;
  const top = (t.row as i32) * stride - c.top;
  const left = (t.column as i32) * stride - c.left;
  const planeRows = c.planeRows as i32;
  const planeColumns = c.planeColumns as i32;
  const pitch = c.pitch;
  for (let channel: u32 = 0; channel < c.channels; channel++) {
    for (let py: i32 = 0; py < planeRows; py++) {
      for (let px: i32 = 0; px < planeColumns; px++) {
        for (let row: i32 = 0; row < (c.planeHeight as i32); row++) {
          const y = row * stride + py + top;
          if (y < 0 || y >= height) clear(padded, pitch);
          else padRow(source + (((y * width) as usize) << 2), padded, width, px + left, stride, c.planeWidth as i32);
          padded += pitch;
        }
      }
    }
    source += ((height * width) as usize) << 2;
  }
}

// target[i] = source[i stride + shift] where there is such a pixel, else 0
function padRow(source: usize, target: usize, width: i32, shift: i32, stride: i32, planeWidth: i32): void {
  const from = min(planeWidth, shift < 0 ? (stride - 1 - shift) / stride : 0);
  const to = max(from, min(planeWidth, width > shift ? (width - 1 - shift) / stride + 1 : 0));
  target = clear(target, (from as usize) << 2);
  source += ((from * stride + shift) as usize) << 2;
  const bytes = ((to - from) as usize) << 2;
  target = stride == 1 ? copy(source, target, bytes) : pick(source, target, bytes, stride);
  clear(target, ((planeWidth - to) as usize) << 2);
}

// Loops: rows are short, and a call of memory.copy or memory.fill costs as much as several vectors.

function clear(target: usize, bytes: usize): usize {
  const end = target + bytes;
  for (; target + 16 <= end; target += 16) v128.store(target, i32x4.splat(0));
  for (; target < end; target += 4) store<f32>(target, 0);
  return end;
}

function copy(source: usize, target: usize, bytes: usize): usize {
  const end = target + bytes;
  for (; target + 16 <= end; target += 16, source += 16) v128.store(target, v128.load(source));
  for (; target < end; target += 4, source += 4) store<f32>(target, load<f32>(source));
  return end;
}

// every pixel of so many
function pick(source: usize, target: usize, bytes: usize, stride: i32): usize {
  const end = target + bytes;
  // the last of eight pixels may lie beyond the row
  if (stride == 2) {
    for (; target + 16 < end; target += 16, source += 32) v128.store(target, evenLanes(v128.load(source), v128.load(source, 16)));
  }
  const step = (stride as usize) << 2;
  for (; target < end; target += 4, source += step) store<f32>(target, load<f32>(source));
  return end;
}
