// A picture of a data folder, read when it is needed: a folder may be larger than memory.
import { IGNORED } from "../../model/ignored.js";
import type { Sample } from "./sample.js";

/** What is known of a picture without its pixels, and how to read them. */
export interface Picture {
  /** For people: the file's stem, with its subfolder. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** How many pixels each class has; background and foreground where there are no classes. */
  readonly counts: readonly number[];
  /** How many pixels are ignored. */
  readonly ignored: number;
  /** The pixels and labels; throws `LovaszError` "data" where the files can no longer be read as they were. */
  read(): Promise<Sample>;
}

/** At most this many bytes of decoded pictures are held in memory; further pictures are read again each time. */
export const HELD_BYTES = 512 * 2 ** 20;

/** Memory for decoded pictures. It holds the first ones: evicting them for later ones would only make both be read again. */
export class Memory {
  #left: number;
  #refused = 0;

  /** Memory for `bytes` bytes. */
  constructor(bytes = HELD_BYTES) {
    this.#left = bytes;
  }

  /** Takes `bytes` and returns true, or returns false where fewer are left. */
  take(bytes: number): boolean {
    if (bytes > this.#left) {
      this.#refused++;
      return false;
    }
    this.#left -= bytes;
    return true;
  }

  /** How many pictures did not fit. */
  get refused(): number {
    return this.#refused;
  }
}

/** How many pixels of a picture are foreground: those of all classes but 0. */
export function foregroundOf({ counts }: Pick<Picture, "counts">): number {
  return counts.slice(1).reduce((sum, count) => sum + count, 0);
}

/** A picture that lies in memory, of so many `classes`. */
export function pictureOf(sample: Sample, classes: number): Picture {
  const { name, width, height, labels } = sample;
  const counts = new Array<number>(classes).fill(0);
  let ignored = 0;
  for (const label of labels) {
    if (label === IGNORED) ignored++;
    else counts[label]++;
  }
  return { name, width, height, counts, ignored, read: () => Promise.resolve(sample) };
}
