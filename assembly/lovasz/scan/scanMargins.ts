// The scan of the hinge: the weights of its errors, largest first, where each pixel weighs 1.

import { HINGE } from "../errors/key";
import { pixelMask } from "../sort/marginRecord";
import { sort } from "../sort/marginSort";
import { count } from "./count";
import { scanDistinct } from "./scanDistinct";
import { findTies, LONGEST, weighTies, writeTies } from "./tiedMargins";

// bytes of records: scanned for ties at first, and until ties count as rare
const FEW: usize = 128;
const FAR: usize = 512;

/** Scans sorted records, writes `scale` times the gradient by the logits of their pixels, and returns what they add to the loss. */
export function scanMargins(records: usize, stop: usize, scale: f64, gradient: usize): f64 {
  if (count.union == 0 && records < stop) return scanWithoutPositives(records, stop, scale, gradient);
  const pixels = pixelMask(sort.packed);
  let loss: f64 = 0;
  let size = FEW;
  for (let p = records; p < stop; ) {
    const first = p;
    p = scanDistinct(HINGE, p, stop, pixels, scale as f32, gradient);
    // the more often margins tie, the more are scanned for ties at once
    size = p > first + FAR ? FEW : min<usize>(2 * size, LONGEST);
    const end = findTies(p, min(p + size, stop), stop);
    loss += count.loss + weighTies(scale as f32);
    writeTies(p, end, pixels, gradient);
    p = end;
  }
  return loss;
}

// without positives, the negatives of the largest error share the whole weight
function scanWithoutPositives(records: usize, stop: usize, scale: f64, gradient: usize): f64 {
  const pixels = pixelMask(sort.packed);
  count.union = ((stop - records) >> 3) as i32;
  const derivative = (scale / (count.union as f64)) as f32;
  for (let p = records; p < stop; p += 8) store<f32>(gradient + ((load<u32>(p) & pixels) as usize), derivative);
  return 1 - (load<f32>(records, 4) as f64);
}
