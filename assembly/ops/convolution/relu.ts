// relu of the results of a tile, while they lie in the cache.

import { relu_f32 } from "../relu";
import { Convolution } from "./convolution";
import { Tile } from "./tile";

/** Turns what is below 0 into 0, in all channels of the group of the tile. */
export function reluTile(c: Convolution, t: Tile): void {
  const whole = t.columns & ~3;
  const bytes = t.rowBytes;
  let plane = t.out;
  for (let channel: u32 = 0; channel < c.targetChannels; channel++, plane += t.outPlane) {
    let row = plane;
    for (let y: u32 = 0; y < t.rows; y++, row += t.outPitch) {
      relu_f32(row, row, whole);
      for (let x = (whole as usize) << 2; x < bytes; x += 4) store<f32>(row + x, max<f32>(load<f32>(row + x), 0));
    }
  }
}
