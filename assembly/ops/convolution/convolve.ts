// Convolution (the cross-correlation of deep learning) in NCHW. The direct one works tile by tile: the image is copied with its padding
// (pad.ts), and what is left is a matrix product of weights [out, terms] and pixels [terms, x] (multiply.ts), whose rows a table finds. A
// term is one tap of one channel, so that one flat loop serves kernels of every size. Winograd's (winograd/) works block by block.
//
// The caller plans (plan.ts), prepares, computes every unit, in any order and on any thread, and finishes.

import { Convolution, FORWARD, INPUT_GRADIENT, WEIGHT_GRADIENT } from "./convolution";
import { convolveDepthwise, isDepthwise } from "./depthwise";
import { multiplyTile } from "./multiply";
import { packFlipped, packWeights } from "./pack";
import { padTile, writeTerms } from "./pad";
import { isScattered, placeScratch, placeShared } from "./plan";
import { reluTile } from "./relu";
import { scatterTile } from "./scatter";
import { placeTile, Tile, targetOfGroup } from "./tile";
import { addTile, roundSums } from "./weightGradient";
import { convolveBlocks } from "./winograd/convolveBlocks";
import { correlateBlocks, roundWinogradSums } from "./winograd/correlateBlocks";
import { weightBytes } from "./winograd/plan";
import { transformWeights } from "./winograd/transformWeights";

/** Lays out the weights of the planned `Convolution` at `pointer` in the `shared` memory that `planConvolution` asked for. */
export function prepareConvolution(pointer: usize, shared: usize): void {
  const c = changetype<Convolution>(pointer);
  placeShared(c, shared);
  if (c.isWinograd) {
    if (c.pass != WEIGHT_GRADIENT) transformWeights(c, c.packed + weightBytes(c) * (c.groups as usize));
    return;
  }
  writeTerms(c);
  if (c.pass == FORWARD) packWeights(c);
  else if (c.pass == INPUT_GRADIENT) packFlipped(c);
}

/**
 * Computes a unit, with `scratch` of the bytes that `convolutionScratch` asked for. It writes to the scratch and its own part of the
 * result alone.
 */
export function convolveUnit(pointer: usize, unit: u32, scratch: usize): void {
  const c = changetype<Convolution>(pointer);
  const from = unit * c.perUnit;
  const to = min(c.items, from + c.perUnit);
  if (c.isWinograd) {
    if (c.pass == WEIGHT_GRADIENT) correlateBlocks(c, unit, from, to, scratch);
    else convolveBlocks(c, from, to, scratch);
    return;
  }
  const t = placeScratch(c, scratch);
  if (c.pass == WEIGHT_GRADIENT) {
    const bytes = ((c.groups * c.weights) as usize) << 3;
    t.sums = c.sums + bytes * (unit as usize);
    memory.fill(t.sums, 0, bytes);
  }
  for (let i = from; i < to; i++) {
    placeTile(c, t, i);
    padTile(c, t);
    if (c.pass == WEIGHT_GRADIENT) {
      findTarget(c, t);
      addTile(c, t);
    } else if (isScattered(c)) {
      convolvePhases(c, t);
    } else {
      findTarget(c, t);
      if (isDepthwise(c, t.columns)) convolveDepthwise(c, t);
      else multiplyTile(c, t);
      if (c.relu) reluTile(c, t);
    }
  }
}

/** Ends the computation, once all units are computed. */
export function finishConvolution(pointer: usize): void {
  const c = changetype<Convolution>(pointer);
  if (c.pass != WEIGHT_GRADIENT) return;
  if (c.isWinograd) roundWinogradSums(c);
  else roundSums(c);
}

function convolvePhases(c: Convolution, t: Tile): void {
  t.out = t.result;
  t.outPitch = t.rowBytes;
  t.outPlane = t.rowBytes * (t.rows as usize);
  multiplyTile(c, t);
  scatterTile(c, t);
}

// the target has a pixel for each window
function findTarget(c: Convolution, t: Tile): void {
  t.outPitch = (c.targetWidth as usize) << 2;
  t.outPlane = t.outPitch * (c.targetHeight as usize);
  t.out = targetOfGroup(c, t) + t.outPitch * (t.row as usize) + ((t.column as usize) << 2);
}
