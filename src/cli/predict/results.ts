// What `lovasz predict` writes of one picture.
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { LovaszError, type nn } from "../../index.js";
import { FLIPS } from "../../model/flips.js";
import { logitOf } from "../../model/logitOf.js";
import type { Normalisation } from "../../model/normalisation.js";
import { type Pixels, pixelsOf } from "../../model/pixels.js";
import { predictLabels } from "../../model/predictLabels.js";
import type { Task } from "../../model/task.js";
import type { DataFile } from "../data/files.js";
import { asPicture } from "../data/pictures.js";
import { readRaster } from "../data/readRaster.js";
import { turned } from "../data/turned.js";
import { TILE } from "../model/tile.js";
import { writeWhole } from "../writeWhole.js";
import { fillProbability } from "./fillProbability.js";
import type { PredictOptions } from "./options.js";
import { overlay } from "./overlay.js";
import { encodeOwn } from "./ownPng.js";
import { type Job, mayWrite } from "./plan.js";

/** A model as it predicts. */
export interface Predictor {
  readonly network: nn.Module;
  readonly task: Task;
  readonly normalisation: Normalisation;
}

/** How the work goes on. */
export interface Watch {
  readonly signal: AbortSignal;
  /** Called with the fraction of the picture that is done. */
  readonly onProgress: (done: number) => void;
  /** Called with what a person should know of the picture. */
  readonly onDoubt: (doubt: string) => void;
}

/** Files by path, the mask last: where it is, the picture is done. */
export type Results = ReadonlyMap<string, Uint8Array>;

/**
 * The files of `job`. Rejects with `LovaszError` that names the picture where it cannot be read or predicted, and with the reason of the
 * signal.
 */
export async function resultsOf(
  job: Job,
  { network, task, normalisation }: Predictor,
  options: PredictOptions,
  watch: Watch,
): Promise<Results> {
  const { onDoubt, ...tiles } = watch;
  const pixels = await read(job.picture, normalisation, onDoubt);
  const { width, height } = pixels;
  const probability = job.probability === null ? null : new Uint16Array(width * height);
  const { labels } = await predictLabels(network, pixels, {
    ...tiles,
    tile: TILE,
    task,
    limit: options.cutoff === undefined ? undefined : logitOf(options.cutoff),
    turns: options.flips ? FLIPS : undefined,
    onRows: (rows) => probability && fillProbability(probability, width, task, rows),
  }).catch((error) => {
    throw error instanceof LovaszError ? new LovaszError(error.code, `${job.picture.shown}: ${error.message}`, { cause: error }) : error;
  });
  const results = new Map<string, Uint8Array>();
  if (job.overlay !== null) results.set(job.overlay, encodeOwn({ width, height, channels: 3, data: overlay(pixels, labels) }));
  if (job.probability !== null && probability) {
    results.set(job.probability, encodeOwn({ width, height, channels: 1, data: probability }));
  }
  const mask = task.classes === null ? labels.map((label) => 255 * label) : labels;
  return results.set(job.mask, encodeOwn({ width, height, channels: 1, data: mask }));
}

// as it is shown, which may be turned from how it is stored
async function read(file: DataFile, normalisation: Normalisation, onDoubt: Watch["onDoubt"]): Promise<Pixels> {
  const raster = await readRaster(file);
  if (raster.pages > 1) onDoubt(`${file.shown} is made of several pages, of which the first is read`);
  return pixelsOf(asPicture(turned(raster)), normalisation);
}

/** Writes all `results`, and over nothing that `lovasz predict` did not write; throws `LovaszError` "data". No signal is handled meanwhile. */
export function write(results: Results): void {
  const cure = "choose another folder with --out";
  for (const [path, bytes] of results) {
    if (!mayWrite(path)) throw new LovaszError("data", `${path} has come to exist, and lovasz predict did not write it; ${cure}`);
    try {
      mkdirSync(dirname(path), { recursive: true });
    } catch (cause) {
      throw new LovaszError("data", `${dirname(path)} cannot be made: ${(cause as Error).message}; ${cure}`, { cause });
    }
    writeWhole(path, bytes, cure);
  }
}
