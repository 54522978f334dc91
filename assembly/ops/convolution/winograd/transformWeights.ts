// U = G g G^T of 3 x 3 weights, of four results of a window at a time.

import { Convolution, FORWARD } from "../convolution";
import { root, sixth, third, twice } from "./constants";
import { PLANES, weightBytes } from "./plan";

/**
 * The weights of all groups, [targetChannels / 4, 36, channels, 4], with zeros for results that do not exist. Those of the input's gradient
 * stand as [channels, targetChannels, 3, 3], and their taps go from the last to the first.
 */
export function transformWeights(c: Convolution, scratch: usize): void {
  const isForward = c.pass == FORWARD;
  const channels = c.channels as usize;
  const count = c.targetChannels as usize;
  const outStep: usize = isForward ? 36 * channels : 36;
  const inStep: usize = isForward ? 36 : 36 * count;
  const plane = channels << 4;
  let packed = c.packed;
  let group = c.weight;
  for (let g: u32 = 0; g < c.groups; g++) {
    let out = packed;
    for (let o: usize = 0; o < count; o += 4) {
      const lanes = min<usize>(4, count - o);
      if (lanes < 4) memory.fill(scratch, 0, 144);
      let first = group + outStep * o;
      for (let i: usize = 0; i < channels; i++) {
        for (let lane: usize = 0; lane < lanes; lane++) gatherTaps(first + outStep * lane, scratch + (lane << 2), isForward);
        transformTaps(scratch, out + (i << 4), plane);
        first += inStep;
      }
      out += PLANES * plane;
    }
    group += 36 * channels * count;
    packed += weightBytes(c);
  }
}

// nine weights to one lane each of nine vectors
function gatherTaps(from: usize, to: usize, isForward: bool): void {
  const step: usize = isForward ? 4 : -4;
  if (!isForward) from += 32;
  for (const end = to + 144; to < end; to += 16, from += step) store<f32>(to, load<f32>(from));
}

function transformTaps(taps: usize, out: usize, plane: usize): void {
  const rows = taps + 144;
  for (let i: usize = 0; i < 3; i++) transformThree(taps + 48 * i, 16, rows + 96 * i, 16);
  for (let i: usize = 0; i < 6; i++) transformThree(rows + 16 * i, 96, out + plane * i, 6 * plane);
}

// three vectors, `step` bytes apart, to six
function transformThree(at: usize, step: usize, out: usize, plane: usize): void {
  const a = third();
  const b = sixth();
  const g0 = v128.load(at);
  const g1 = f32x4.mul(v128.load(at + step), root());
  const g2 = v128.load(at + 2 * step);
  const near = f32x4.mul(f32x4.add(twice(g0), g2), a);
  const nearOdd = f32x4.mul(twice(g1), a);
  const far = f32x4.mul(f32x4.add(g0, twice(g2)), b);
  const farOdd = f32x4.mul(twice(g1), b);
  v128.store(out, g0);
  v128.store(out + plane, f32x4.neg(f32x4.add(near, nearOdd)));
  v128.store(out + 2 * plane, f32x4.sub(nearOdd, near));
  v128.store(out + 3 * plane, f32x4.add(far, farOdd));
  v128.store(out + 4 * plane, f32x4.sub(far, farOdd));
  v128.store(out + 5 * plane, g2);
}
