// Ctrl-C, and SIGTERM, by which a batch system ends a job: the first asks the run to end well, a second ends it at once.

const CODES = { SIGINT: 130, SIGTERM: 143 } as const;

type Signal = keyof typeof CODES;

/** Hears the signals that end a run. */
export class Interrupt {
  #code: number | null = null;
  readonly #onHeard: () => void;
  readonly #onQuit: () => void;
  readonly #listener = (signal: Signal) => {
    if (this.#code === null) {
      this.#code = CODES[signal];
      this.#onHeard();
    } else {
      this.#onQuit();
      process.exit(this.#code);
    }
  };

  /** Calls `onHeard` at the first signal, and `onQuit` at a second, before the process ends. */
  constructor(onHeard: () => void, onQuit: () => void) {
    this.#onHeard = onHeard;
    this.#onQuit = onQuit;
    for (const signal of Object.keys(CODES)) process.on(signal, this.#listener);
  }

  /** The exit code of the signal that came, null before. */
  get code(): number | null {
    return this.#code;
  }

  /** Stops listening. */
  close(): void {
    for (const signal of Object.keys(CODES)) process.off(signal, this.#listener);
  }
}
