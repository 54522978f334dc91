// How a command ends without success.

/** The command was called wrongly: its message says what to change. Exit code 2. */
export class WrongCall extends Error {
  override readonly name = "WrongCall";
}

/** Ctrl-C or another signal ended the work early, and its results so far are saved. The exit code is 130, or that of the signal. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}
