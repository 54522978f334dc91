// Direct convolution (the cross-correlation of deep learning) in NCHW, tile by tile: the image is copied with its padding (pad.ts), and
// what is left is a matrix product of weights [out, terms] and pixels [terms, x] (multiply.ts), whose rows a table finds. A term is one
// tap of one channel, so that one flat loop serves kernels of every size.

import { Convolution, FORWARD, INPUT_GRADIENT } from "./convolution";
import { multiplyTile } from "./multiply";
import { packFlipped, packWeights } from "./pack";
import { padTile, writeTerms } from "./pad";
import { eachTile, isScattered, placeScratch, targetOfGroup } from "./plan";
import { scatterTile } from "./scatter";
import { addTile, roundTotals } from "./weightGradient";

/** Computes what the `Convolution` at `pointer` asks for, with the scratch that `convolutionScratch` has planned. */
export function convolve_f32(pointer: usize, scratch: usize): void {
  const c = changetype<Convolution>(pointer);
  placeScratch(c, scratch);
  writeTerms(c);
  if (c.pass == FORWARD) {
    packWeights(c);
    eachTile(c, convolveTile);
  } else if (c.pass == INPUT_GRADIENT) {
    packFlipped(c);
    if (isScattered(c)) eachTile(c, convolvePhases);
    else eachTile(c, convolveTile);
  } else {
    memory.fill(c.result, 0, ((c.groups * c.weights) as usize) << 3);
    eachTile(c, correlateTile);
    roundTotals(c.result, c.weight, c.groups * c.weights);
  }
}

function convolveTile(c: Convolution): void {
  padTile(c);
  findTarget(c);
  multiplyTile(c);
}

function convolvePhases(c: Convolution): void {
  padTile(c);
  c.out = c.result;
  c.outPitch = c.rowBytes;
  c.outPlane = c.rowBytes * (c.rows as usize);
  multiplyTile(c);
  scatterTile(c);
}

function correlateTile(c: Convolution): void {
  padTile(c);
  findTarget(c);
  addTile(c);
}

// the target has a pixel for each window
function findTarget(c: Convolution): void {
  c.outPitch = (c.targetWidth as usize) << 2;
  c.outPlane = c.outPitch * (c.targetHeight as usize);
  c.out = targetOfGroup(c) + c.outPitch * (c.row as usize) + ((c.column as usize) << 2);
}
