// How a command ends other than well.

/** The command was called wrongly: its message says what to change. Exit code 2. */
export class WrongCall extends Error {
  override readonly name = "WrongCall";
}

/** Ctrl-C, or another signal, ended the work early, and what there was of it is saved. Exit code 130, or the signal's. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}
