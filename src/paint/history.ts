import type { Change } from "./strokes.js";

/** A stroke that was drawn on a picture. */
export interface Entry {
  readonly picture: string;
  readonly change: Change;
}

// pixels in all strokes that can be undone: 6 bytes each
const MOST_PIXELS = 16_000_000;

/** The strokes that can be undone, and those that were undone and can be drawn again. The oldest are forgotten where they take too much memory. */
export class History {
  #done: Entry[] = [];
  #undone: Entry[] = [];

  /** A new stroke; what was undone before cannot be drawn again. */
  add(entry: Entry): void {
    this.#undone = [];
    this.#done.push(entry);
    let pixels = this.#done.reduce((sum, { change }) => sum + change.at.length, 0);
    while (pixels > MOST_PIXELS && this.#done.length > 1) pixels -= (this.#done.shift() as Entry).change.at.length;
  }

  /** The last stroke, which is to be taken back; null if there is none. */
  undo(): Entry | null {
    return this.#move(this.#done, this.#undone);
  }

  /** The stroke that was undone last, which is to be drawn again; null if there is none. */
  redo(): Entry | null {
    return this.#move(this.#undone, this.#done);
  }

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** Forgets the strokes of `picture`, or all: their labels have changed in other ways. */
  forget(picture?: string): void {
    const isOther = (entry: Entry) => picture !== undefined && entry.picture !== picture;
    [this.#done, this.#undone] = [this.#done.filter(isOther), this.#undone.filter(isOther)];
  }

  #move(from: Entry[], to: Entry[]): Entry | null {
    const entry = from.pop() ?? null;
    if (entry) to.push(entry);
    return entry;
  }
}
