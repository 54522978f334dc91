// Writes that are merged.
import { breathe } from "../model/breathe.js";

/** Does one write at a time; of those that wait for one key, only the last. */
export class Latest {
  readonly #waiting = new Map<string, () => Promise<void>>();
  readonly #onError: (error: unknown) => void;
  #running: Promise<void> | null = null;

  /** `onError` is called with what a write throws; the next one is done nevertheless. */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Has `write` be called soon, unless another for the same `key` takes its place; `write` reads what it writes only then. */
  put(key: string, write: () => Promise<void>): void {
    this.#waiting.set(key, write);
    this.#running ??= this.#run();
  }

  /** Resolves once nothing waits. */
  async settled(): Promise<void> {
    while (this.#running) await this.#running;
  }

  /** Whether a write for `key` waits. */
  has(key: string): boolean {
    return this.#waiting.has(key);
  }

  /** Forgets what waits, or what waits for `key`. */
  forget(key?: string): void {
    if (key === undefined) this.#waiting.clear();
    else this.#waiting.delete(key);
  }

  async #run(): Promise<void> {
    // the work that asks for a write, a stroke, is not to wait for it
    await breathe();
    for (const [key, write] of this.#waiting) {
      this.#waiting.delete(key);
      await write().catch(this.#onError);
    }
    this.#running = null;
  }
}
