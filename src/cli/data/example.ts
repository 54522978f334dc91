// The built-in example: segment water in satellite pictures of regions with little of it. The npm package three-globe has the
// pictures of the whole earth; tiles of the east are for training, tiles of the west for validation.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { LovaszError } from "../../index.js";
import { cut } from "../../model/cut.js";
import { IGNORED } from "../../model/ignored.js";
import { workingFolder } from "../workingFolder.js";
import type { Raster } from "./raster.js";
import { readRaster } from "./readRaster.js";
import { type Sample, sampleOf } from "./sample.js";

const TILE = 64;
// the step between the positions that are tried
const STEP = 8;
// Tiles keep this distance from the meridians between east and west.
const GAP = 32;

/** Which tiles are taken. */
export interface Choice {
  /** The share of water that a tile has, at least and less than. */
  least: number;
  below: number;
  /** How far tiles for training are apart in x or in y, at least: pixels. Below 64 they overlap. */
  apart: number;
}

/** A rare class is the hard case. Tiles for training that overlap by half show each lake at several places. */
const DEFAULTS: Choice = { least: 0.02, below: 0.3, apart: 32 };

/** Tiles of the east for training, and of the west, where no two overlap, for validation. */
export async function readExample(options: Partial<Choice> = {}): Promise<{ training: Sample[]; validation: Sample[] }> {
  const choice = { ...DEFAULTS, ...options };
  const folder = findPictures();
  const [day, water] = [await readPicture(folder, "earth-day.jpg"), await readPicture(folder, "earth-water.png")];
  if (day.width !== water.width || day.height !== water.height) {
    throw new LovaszError("data", `the pictures in ${folder} differ in size; install the version of three-globe that package.json names`);
  }
  const labels = waterOf(water);
  const middle = day.width / 2;
  return {
    training: tiles(day, labels, { from: middle + GAP, to: day.width - GAP, side: "east" }, choice),
    validation: tiles(day, labels, { from: GAP, to: middle - GAP, side: "west" }, { ...choice, apart: TILE }),
  };
}

function readPicture(folder: string, name: string): Promise<Raster> {
  const path = join(folder, name);
  return readRaster({ path, shown: path });
}

// Searches upwards from this program, then from the working directory; in a checkout both are the same.
function findPictures(): string {
  for (const start of [() => import.meta.dirname, workingFolder]) {
    for (let folder = start(); ; folder = join(folder, "..")) {
      const pictures = join(folder, "node_modules", "three-globe", "example", "img");
      if (existsSync(pictures)) return pictures;
      if (folder === join(folder, "..")) break;
    }
  }
  throw new LovaszError("data", "the example needs the pictures of the npm package three-globe; install it with npm i three-globe");
}

// White is water and black is land. Greys, such as shores and narrow rivers, are ignored.
function waterOf({ values, channels, width, height, white }: Raster): Uint8Array {
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const share = values[i * channels] / white;
    return share > 7 / 8 ? 1 : share < 1 / 8 ? 0 : IGNORED;
  });
}

interface Side {
  from: number;
  to: number;
  side: string;
}

// Row by row, each tile that has such a share of water and is far enough from all taken before.
function tiles(day: Raster, labels: Uint8Array, { from, to, side }: Side, { least, below, apart }: Choice): Sample[] {
  const taken: { x: number; y: number }[] = [];
  const samples: Sample[] = [];
  for (let y = 0; y + TILE <= day.height; y += STEP) {
    for (let x = from; x + TILE <= to; x += STEP) {
      if (taken.some((other) => Math.abs(other.x - x) < apart && Math.abs(other.y - y) < apart)) continue;
      const tile = { left: x, upper: y, width: TILE, height: TILE };
      const truth = cut(labels, 1, day.width, tile);
      const share = waterShare(truth);
      if (share < least || share >= below) continue;
      taken.push({ x, y });
      const values = cut(day.values, day.channels, day.width, tile);
      samples.push(sampleOf(`${side} ${x},${y}`, { ...day, width: TILE, height: TILE, values }, truth));
    }
  }
  return samples;
}

function waterShare(truth: Uint8Array): number {
  let [known, water] = [0, 0];
  for (const label of truth) {
    if (label === IGNORED) continue;
    known++;
    if (label === 1) water++;
  }
  return known < truth.length / 2 ? 1 : water / known;
}
