// Folders and pictures for the tests of the command.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "fast-png";
import { afterAll } from "vitest";
import { uniform } from "../../../src/random.js";
import { chunk } from "./rawPng.js";
import { tiff } from "./tiff.js";

/** A new folder that is gone after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "lovasz-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A message with the paths in it as other systems than Windows write them. */
export const slashed = (message: string): string => message.replaceAll("\\", "/");

/** A PNG file of 8 bits a value. */
export function png(width: number, height: number, channels: number, value: (pixel: number, channel: number) => number): Uint8Array {
  const data = Uint8Array.from({ length: width * height * channels }, (_, i) => value(Math.floor(i / channels), i % channels));
  return encode({ width, height, channels, data });
}

/** A black PNG file of 8 bits whose EXIF block says that it is stored turned. */
export function exifPng(width: number, height: number, orientation: number): Buffer {
  const bytes = png(width, height, 1, () => 0);
  return Buffer.concat([bytes.subarray(0, 33), chunk("eXIf", tiff(orientation, true)), bytes.subarray(33)]);
}

export interface DiscsOptions {
  count?: number;
  width?: number;
  height?: number;
  seed?: number;
  names?: (i: number) => string;
}

/** A data folder of bright discs on dark noise: easy to learn within seconds. */
export function writeDiscs(
  folder: string,
  { count = 6, width = 24, height = 24, seed = 1, names = (i) => `disc-${i}` }: DiscsOptions = {},
): string {
  const next = uniform(seed);
  mkdirSync(join(folder, "images"), { recursive: true });
  mkdirSync(join(folder, "masks"), { recursive: true });
  for (let i = 0; i < count; i++) {
    const [x, y, r] = [width * (0.3 + 0.4 * next()), height * (0.3 + 0.4 * next()), 4 + 3 * next()];
    const inside = (pixel: number) => Math.hypot((pixel % width) - x, Math.floor(pixel / width) - y) < r;
    writeFileSync(
      join(folder, "images", `${names(i)}.png`),
      png(width, height, 3, (pixel) => (inside(pixel) ? 170 : 60) + 40 * next()),
    );
    writeFileSync(
      join(folder, "masks", `${names(i)}.png`),
      png(width, height, 1, (pixel) => (inside(pixel) ? 255 : 0)),
    );
  }
  return folder;
}

/** A data folder of three bands across noise, each of its own brightness: classes 0, 1 and 2. */
export function writeBands(folder: string, { count = 6, width = 16, height = 18, seed = 1 } = {}): string {
  const next = uniform(seed);
  mkdirSync(join(folder, "images"), { recursive: true });
  mkdirSync(join(folder, "classes"), { recursive: true });
  for (let i = 0; i < count; i++) {
    const shift = Math.floor(3 * next());
    const band = (pixel: number) => (Math.floor(pixel / width / 6) + shift) % 3;
    writeFileSync(
      join(folder, "images", `band-${i}.png`),
      png(width, height, 3, (pixel) => 40 + 80 * band(pixel) + 20 * next()),
    );
    writeFileSync(join(folder, "classes", `band-${i}.png`), png(width, height, 1, band));
  }
  return folder;
}

/** Everything in a folder, by path, as it is: to see that a call has changed nothing. */
export function snapshot(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    files.map((file) => {
      const path = join(file.parentPath, file.name);
      return [path.slice(folder.length + 1), file.isFile() ? readFileSync(path, "base64") : "folder"];
    }),
  );
}
