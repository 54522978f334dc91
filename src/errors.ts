/** The kind of a `LovaszError`. The message names the argument, what was expected, what came, and the cure. */
export type LovaszErrorCode = "shape" | "label" | "option" | "nan" | "disposed" | "memory" | "device" | "data";

/**
 * The error that this package throws for wrong calls and failures. Nothing is left half-written, and the engine stays usable.
 *
 * @example
 * ```js
 * import { LovaszError, lovaszHinge, tensor } from "lovasz";
 *
 * try {
 *   lovaszHinge(tensor([0.5, -0.5]), [1, 2]);
 * } catch (error) {
 *   console.log(error instanceof LovaszError, error.code); // true label
 * }
 * ```
 */
export class LovaszError extends Error {
  override readonly name = "LovaszError";
  /** The kind of error, for programs to react to. */
  readonly code: LovaszErrorCode;

  /** An error of kind `code`. */
  constructor(code: LovaszErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
