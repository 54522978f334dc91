// The network of the project as it was a moment ago: it is kept in the browser, and a new worker begins with it.
import type { Request } from "./messages.js";

/** A change of the classes, as the learner is told of it. */
export type ClassChange = Omit<Extract<Request, { type: "classes" }>, "type">;

/** What a copy needs of the project. */
export interface Original {
  /** The network as it is now, as safetensors. Resolves to null, or rejects, where none can be had. */
  readonly save: () => Promise<Uint8Array<ArrayBuffer> | null>;
  /** There is a new copy. */
  readonly onCopied: (bytes: Uint8Array<ArrayBuffer>) => void;
}

/** Milliseconds between two copies, while nothing asks for one. */
const PAUSE = 5000;

/** The last copy of the network, and what has become of the classes since. */
export class NetworkCopy {
  readonly #original: Original;
  #bytes: Uint8Array<ArrayBuffer> | null = null;
  #changes: readonly ClassChange[] = [];
  #at = Number.NEGATIVE_INFINITY;
  #copying: Promise<void> | null = null;
  #begun = 0;

  constructor(original: Original) {
    this.#original = original;
  }

  /** As safetensors; null where there is none. */
  get bytes(): Uint8Array<ArrayBuffer> | null {
    return this.#bytes;
  }

  /** What has become of the classes since. */
  get changes(): readonly ClassChange[] {
    return this.#changes;
  }

  /** Counts the networks that began anew. */
  get begun(): number {
    return this.#begun;
  }

  /** Another network takes the place of this one: `bytes`, or null for one that has learned nothing. */
  begin(bytes: Uint8Array<ArrayBuffer> | null): void {
    this.#bytes = bytes;
    this.#changes = [];
    this.#begun += 1;
    // one that learns is copied as soon as it has
    this.#at = Number.NEGATIVE_INFINITY;
  }

  /** The learner was told of a change of the classes. */
  change(change: ClassChange): void {
    this.#changes = [...this.#changes, change];
  }

  /** Copies the network as it is now: after the copies that are under way if it `isDue`, else not where there is one, or was of late. */
  renew(isDue: boolean): void {
    if (!isDue && (this.#copying !== null || performance.now() - this.#at < PAUSE)) return;
    const copying = (this.#copying ?? Promise.resolve())
      .then(() => this.#renew())
      .finally(() => {
        if (this.#copying === copying) this.#copying = null;
      });
    this.#copying = copying;
  }

  async #renew(): Promise<void> {
    const [begun, before] = [this.#begun, this.#changes.length];
    // where none can be had, as before anything is learned, the one before remains
    const bytes = await this.#original.save().catch(() => null);
    if (bytes === null || begun !== this.#begun) return;
    this.#bytes = bytes;
    this.#changes = this.#changes.slice(before);
    this.#at = performance.now();
    this.#original.onCopied(bytes);
  }
}
