// Lays weights out for multiply.ts: blocks of four results of a window, [outChannels / 4, 1 + terms, 4], their biases first; zeros for
// results that do not exist.

import { Convolution } from "./convolution";

/** The weights of all groups. */
export function packWeights(c: Convolution): void {
  let packed = c.packed;
  const row = (c.termCount as usize) << 2;
  let weight = c.weight;
  for (let group: u32 = 0; group < c.groups; group++) {
    for (let o: u32 = 0; o < c.targetChannels; o += 4) {
      for (let lane: u32 = 0; lane < 4; lane++, packed += 4) {
        const exists = o + lane < c.targetChannels;
        store<f32>(packed, exists ? biasOf(c, group, o + lane) : 0);
        const from = weight + row * ((o + lane) as usize);
        for (let i: usize = 0; i < row; i += 4) store<f32>(packed + 16 + (i << 2), exists ? load<f32>(from + i) : 0);
      }
      packed += row << 2;
    }
    weight += (c.weights as usize) << 2;
  }
}

/**
 * The weights [groups, channels, targetChannels, weightHeight, weightWidth] as those of the input's gradient, whose windows have a result
 * for each channel of the target and each phase of the stride, [targetChannels, phasesY, phasesX]. Phase p of an axis has the taps
 * firstY + p, firstY + p + strideY and so on, as many as a window is high, the last one first.
 */
export function packFlipped(c: Convolution): void {
  let packed = c.packed;
  const strideY = c.strideY as u32;
  const strideX = c.strideX as u32;
  const kernelSize = c.weightHeight * c.weightWidth;
  const phases = c.phasesY * c.phasesX;
  const count = c.outChannels;
  const step = (c.termCount as usize) << 4;
  let weight = c.weight;
  for (let group: u32 = 0; group < c.groups; group++) {
    for (let block: u32 = 0; block < count; block += 4) {
      for (let lane: u32 = 0; lane < 4; lane++, packed += 4) {
        const o = block + lane;
        const channel = o / phases;
        store<f32>(packed, o < count ? biasOf(c, group, channel) : 0);
        let to = packed + 16;
        const lastY = c.firstY + ((o / c.phasesX) % c.phasesY) + (c.kernelHeight - 1) * strideY;
        const lastX = c.firstX + (o % c.phasesX) + (c.kernelWidth - 1) * strideX;
        for (let i: u32 = 0; i < c.channels; i++) {
          for (let ty: u32 = 0; ty < c.kernelHeight; ty++) {
            const row = (i * c.targetChannels + channel) * kernelSize + (lastY - ty * strideY) * c.weightWidth + lastX;
            for (let tx: u32 = 0; tx < c.kernelWidth; tx++, to += 16) {
              store<f32>(to, o < count ? load<f32>(weight + (((row - tx * strideX) as usize) << 2)) : 0);
            }
          }
        }
      }
      packed += step;
    }
    weight += ((c.channels * c.targetChannels * kernelSize) as usize) << 2;
  }
}

function biasOf(c: Convolution, group: u32, channel: u32): f32 {
  return c.bias ? load<f32>(c.bias + (((group * c.targetChannels + channel) as usize) << 2)) : 0;
}
