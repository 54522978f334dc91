// Brings pictures upright that are stored turned or mirrored.
import { cut, turnedSize } from "../../model/cut.js";
import type { Raster } from "./raster.js";

/** For each orientation, from 1 on, the turn that brings a picture upright. */
const TURNS = [0, 1, 3, 2, 4, 6, 7, 5];

/** The raster brought upright, as its `orientation` says; 5 to 8 swap width and height. */
export function turned(raster: Raster): Raster {
  const { orientation, channels, values, width, height } = raster;
  const turn = TURNS[orientation - 1];
  if (turn === 0) return raster;
  const upright = cut(values, channels, width, { left: 0, upper: 0, width, height }, turn);
  return { ...raster, ...turnedSize(raster, turn), values: upright, orientation: 1 };
}
