// The gradient of a convolution's input: each pixel depends on the kernel taps of a single phase of the stride. All phases together are a
// convolution of stride 1 of the upstream gradient with a result for each phase, whose pixels then have to be spread.

import { Convolution } from "./convolution";
import { Tile, targetOfGroup } from "./tile";

/**
 * Puts the results of a tile, [targetChannels, phasesY, phasesX, rows, columns], where they belong in the target: row i of phase p is row
 * targetTop + p + i strideY; what lies outside is left out.
 */
export function scatterTile(c: Convolution, t: Tile): void {
  let tile = t.out;
  let out = targetOfGroup(c, t);
  const top = c.targetTop + (t.row as i32) * c.strideY;
  const plane = ((c.targetHeight * c.targetWidth) as usize) << 2;
  for (let channel: u32 = 0; channel < c.targetChannels; channel++) {
    for (let py: i32 = 0; py < (c.phasesY as i32); py++) {
      for (let row: i32 = 0; row < (t.rows as i32); row++) {
        const y = top + py + row * c.strideY;
        if (y < 0 || y >= (c.targetHeight as i32)) continue;
        const from = tile + t.outPitch * (row as usize);
        const to = out + (((y * (c.targetWidth as i32)) as usize) << 2);
        if (c.strideX == 2 && c.phasesX == 2) interleave(c, t, from, to);
        else spread(c, t, from, to);
      }
      tile += t.outPlane * (c.phasesX as usize);
    }
    out += plane;
  }
}

// the phases of a row, from `tile` on, to the row `out` of the target
function spread(c: Convolution, t: Tile, tile: usize, out: usize): void {
  const width = c.targetWidth as i32;
  const stride = c.strideX;
  for (let px: i32 = 0; px < (c.phasesX as i32); px++) {
    const x = c.targetLeft + (t.column as i32) * stride + px;
    const from = x < 0 ? (stride - 1 - x) / stride : 0;
    const step = (stride as usize) << 2;
    let to = out + (((x + from * stride) as usize) << 2);
    const end = out + ((width as usize) << 2);
    for (let i = from; i < (t.columns as i32) && to < end; i++, to += step) store<f32>(to, load<f32>(tile + ((i as usize) << 2)));
    tile += t.outPlane;
  }
}

// the same of both phases of a stride of 2, eight pixels at a time
function interleave(c: Convolution, t: Tile, tile: usize, out: usize): void {
  const width = c.targetWidth as i32;
  const left = c.targetLeft + 2 * (t.column as i32);
  const columns = t.columns as i32;
  let i: i32 = left < 0 ? (1 - left) / 2 : 0;
  // a pixel of phase 1 whose neighbour of phase 0 lies before the row
  if (i > 0 && 2 * i + left == 1 && i <= columns) store<f32>(out, load<f32>(tile + t.outPlane + (((i - 1) as usize) << 2)));
  for (; i + 4 <= columns && 2 * i + left + 8 <= width; i += 4) {
    const even = v128.load(tile + ((i as usize) << 2));
    const odd = v128.load(tile + t.outPlane + ((i as usize) << 2));
    const to = out + (((2 * i + left) as usize) << 2);
    v128.store(to, v128.shuffle<f32>(even, odd, 0, 4, 1, 5));
    v128.store(to, v128.shuffle<f32>(even, odd, 2, 6, 3, 7), 16);
  }
  for (; i < columns && 2 * i + left < width; i++) {
    const to = out + (((2 * i + left) as usize) << 2);
    store<f32>(to, load<f32>(tile + ((i as usize) << 2)));
    if (2 * i + left + 1 < width) store<f32>(to, load<f32>(tile + t.outPlane + ((i as usize) << 2)), 4);
  }
}
