// A picture of a data folder that is read when it is needed: folders may hold more pixels than memory does.
import { VOID } from "./pictures.js";
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

/** Decoded pictures of all folders together are held in memory up to so many bytes; the others are read again each time. */
export const HELD_BYTES = 512 * 2 ** 20;

/** Memory for decoded pictures: those that come first are held, as those that come later would only push them out in turn. */
export class Memory {
  #left: number;
  #refused = 0;

  /** Room for `bytes`. */
  constructor(bytes = HELD_BYTES) {
    this.#left = bytes;
  }

  /** Whether there was room for `bytes` more, which are then taken. */
  take(bytes: number): boolean {
    if (bytes > this.#left) {
      this.#refused++;
      return false;
    }
    this.#left -= bytes;
    return true;
  }

  /** How many pictures there was no room for. */
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
    if (label === VOID) ignored++;
    else counts[label]++;
  }
  return { name, width, height, counts, ignored, read: () => Promise.resolve(sample) };
}
