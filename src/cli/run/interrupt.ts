/** Hears Ctrl-C: the first asks the run to end well, the second is the system's own and ends it at once. */
export class Interrupt {
  heard = false;
  readonly #listener = () => {
    this.heard = true;
    this.#onHeard();
  };
  readonly #onHeard: () => void;

  constructor(onHeard: () => void) {
    this.#onHeard = onHeard;
    process.once("SIGINT", this.#listener);
  }

  /** Stops listening. */
  close(): void {
    process.off("SIGINT", this.#listener);
  }
}
