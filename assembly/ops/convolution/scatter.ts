// The gradient of a convolution's input: each pixel depends on the kernel taps of a single phase of the stride. All phases together are a
// convolution of stride 1 of the upstream gradient with a result for each phase, whose pixels then have to be spread.

import { Convolution } from "./convolution";
import { targetOfGroup } from "./plan";

/**
 * Puts the results of a tile, [targetChannels, phasesY, phasesX, rows, columns], where they belong in the target: row i of phase p is row
 * targetTop + p + i strideY; what lies outside is left out.
 */
export function scatterTile(c: Convolution): void {
  let tile = c.out;
  let out = targetOfGroup(c);
  const height = c.targetHeight as i32;
  const width = c.targetWidth as i32;
  const strideY = c.strideY;
  const strideX = c.strideX;
  const top = c.targetTop + (c.row as i32) * strideY;
  const left = c.targetLeft + (c.column as i32) * strideX;
  const columns = c.columns as i32;
  for (let channel: u32 = 0; channel < c.targetChannels; channel++) {
    for (let py: i32 = 0; py < (c.phasesY as i32); py++) {
      for (let px: i32 = 0; px < (c.phasesX as i32); px++) {
        const x = left + px;
        const from = x < 0 ? (strideX - 1 - x) / strideX : 0;
        for (let row: i32 = 0; row < (c.rows as i32); row++, tile += c.outPitch) {
          const y = top + py + row * strideY;
          if (y < 0 || y >= height) continue;
          const to = out + (((y * width + x + from * strideX) as usize) << 2);
          const end = out + ((((y + 1) * width) as usize) << 2);
          spread(tile + ((from as usize) << 2), columns - from, to, end, (strideX as usize) << 2);
        }
      }
    }
    out += ((height * width) as usize) << 2;
  }
}

// `count` pixels, `step` bytes apart, as far as `end`
function spread(tile: usize, count: i32, to: usize, end: usize, step: usize): void {
  for (let i = 0; i < count && to < end; i++, to += step) store<f32>(to, load<f32>(tile + ((i as usize) << 2)));
}
