// A data folder: images/ beside masks/ or classes/, paired by the stems of their files' names.
import { readdir } from "node:fs/promises";
import { extname, join } from "node:path";
import { LovaszError } from "../../index.js";
import type { Task } from "../model/task.js";
import { toClasses, toMask, VOID } from "./pictures.js";
import type { Raster } from "./raster.js";
import { readRaster } from "./readRaster.js";
import { type Sample, sampleOf } from "./sample.js";

const READABLE = [".png", ".jpg", ".jpeg"];
const OTHER_PICTURES = [".tif", ".tiff", ".bmp", ".gif", ".webp", ".jp2", ".avif", ".heic"];

/**
 * Every picture of the folder `data` with its labels, in the order of their names. Throws `LovaszError` "data" that names
 * the file or folder, what is wrong with it and what to do.
 */
export async function readFolder(data: string, task: Task, ignore: number | null): Promise<Sample[]> {
  const truth = task.classes === null ? "masks" : "classes";
  const images = await picturesIn(join(data, "images"), `${data} needs images/ and ${truth}/ with files of the same names`);
  const labels = await picturesIn(
    join(data, truth),
    task.classes === null ? `it holds a mask for each picture` : `it holds a map of class numbers for each picture`,
  );
  pair(images, labels, `a picture in ${join(data, "images")}`, `a file of the same name in ${join(data, truth)}`);
  pair(labels, images, `a file in ${join(data, truth)}`, `a picture of the same name in ${join(data, "images")}`);
  const samples: Sample[] = [];
  for (const [stem, file] of images) samples.push(await readSample(stem, file, labels.get(stem) as string, task, ignore));
  if (task.classes === null && !samples.some((sample) => sample.labels.includes(1))) {
    throw new LovaszError(
      "data",
      `${join(data, truth)} marks no foreground in any mask; a mask is 0 for background, anything else for foreground`,
    );
  }
  return samples;
}

// files by stem, in the order of their names
async function picturesIn(folder: string, need: string): Promise<Map<string, string>> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    const why =
      error.code === "ENOENT" ? "does not exist" : error.code === "ENOTDIR" ? "is not a folder" : `cannot be read (${error.code})`;
    throw new LovaszError("data", `${folder} ${why}; ${need}`, { cause: error });
  });
  const files = new Map<string, string>();
  for (const name of names.sort()) {
    const extension = extname(name).toLowerCase();
    if (name.startsWith(".")) continue;
    if (OTHER_PICTURES.includes(extension))
      throw new LovaszError("data", `${join(folder, name)} is neither PNG nor JPEG; convert or remove it`);
    if (!READABLE.includes(extension)) continue;
    // one system spells an accented letter as one character, another as two
    const stem = name.slice(0, -extension.length).normalize("NFC");
    const twin = files.get(stem);
    if (twin) throw new LovaszError("data", `${twin} and ${name} have the same stem; remove one of them`);
    files.set(stem, join(folder, name));
  }
  if (files.size === 0) throw new LovaszError("data", `${folder} holds no PNG or JPEG file; ${need}`);
  return files;
}

function pair(from: Map<string, string>, to: Map<string, string>, one: string, other: string): void {
  const alone = [...from].filter(([stem]) => !to.has(stem)).map(([, file]) => file);
  if (alone.length === 0) return;
  const more = alone.length > 1 ? ` (and ${alone.length - 1} more)` : "";
  throw new LovaszError("data", `${alone[0]}${more} stands alone: ${one} needs ${other}; add or remove files`);
}

async function readSample(stem: string, file: string, truth: string, task: Task, ignore: number | null): Promise<Sample> {
  const [picture, map] = [await readRaster(file), await readRaster(truth)];
  if (picture.width !== map.width || picture.height !== map.height) {
    const [came, expected] = [map, picture].map(({ width, height }) => `${width} x ${height}`);
    throw new LovaszError("data", `${truth} is ${came} pixels, but ${file} is ${expected}; save both in one size`);
  }
  const labels = labelsOf(truth, map, task, ignore);
  if (labels.every((label) => label === VOID)) {
    throw new LovaszError(
      "data",
      `${truth} is void all over (every value is ${ignore}), so there is nothing to learn; remove it and its picture`,
    );
  }
  return sampleOf(stem, picture, labels);
}

function labelsOf(file: string, map: Raster, { classes }: Task, ignore: number | null): Uint8Array {
  try {
    return classes === null ? toMask(map, ignore) : toClasses(map, classes, ignore);
  } catch (error) {
    throw new LovaszError("data", `${file} ${(error as Error).message}`, { cause: error });
  }
}
