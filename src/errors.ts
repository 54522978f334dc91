/** What a `LovaszError` is about; see its message for the argument, what was expected, what came, and the cure. */
export type LovaszErrorCode = "shape" | "label" | "option" | "nan" | "disposed" | "memory" | "device" | "data";

/** The only error this package throws on purpose. The engine stays usable after it, and nothing is left half-written. */
export class LovaszError extends Error {
  override readonly name = "LovaszError";
  /** What it is about, for programs to react to. */
  readonly code: LovaszErrorCode;

  constructor(code: LovaszErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
