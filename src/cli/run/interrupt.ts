// Ctrl-C, SIGTERM (a batch system ends the job) and SIGHUP (the terminal was closed): the first signal asks the run to finish
// early, a second one ends it at once.
import { isNohup } from "./nohup.js";

const CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

type Signal = keyof typeof CODES;

/** Listens for the signals that end a run. */
export class Interrupt {
  #code: number | null = null;
  #asked = false;
  readonly #signals: readonly Signal[];
  readonly #onHeard: () => void;
  readonly #onQuit: () => void;
  readonly #listener = (signal: Signal) => {
    if (this.#code === null) {
      this.#code = CODES[signal];
      this.#onHeard();
    }
    // a closed terminal sends SIGHUP twice, once by its shell, and the end of a session adds SIGTERM: nobody has pressed a key twice
    if (signal === "SIGHUP") return;
    if (this.#asked) {
      this.#onQuit();
      process.exit(this.#code);
    }
    this.#asked = true;
  };

  /**
   * Calls `onHeard` at the first signal, and `onQuit` at the second Ctrl-C or SIGTERM, before the process ends. A run that nohup
   * started does not end when its terminal is closed.
   */
  constructor(onHeard: () => void, onQuit: () => void) {
    this.#onHeard = onHeard;
    this.#onQuit = onQuit;
    this.#signals = (Object.keys(CODES) as Signal[]).filter((signal) => signal !== "SIGHUP" || !isNohup());
    for (const signal of this.#signals) process.on(signal, this.#listener);
  }

  /** The exit code of the first signal; null before one came. */
  get code(): number | null {
    return this.#code;
  }

  /** Stops listening. */
  close(): void {
    for (const signal of this.#signals) process.off(signal, this.#listener);
  }
}
