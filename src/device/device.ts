// What every device answers: the losses and two primitives, each with the same result wherever it is computed.
import type { LossInput } from "../losses/input.js";
import type { Labels } from "../losses/labels.js";
import type { ValueAndGrad, ValueAndGradOptions } from "../losses/valueAndGrad.js";
import type { Tensor } from "../tensor/tensor.js";

/** The names that `openDevice` knows. */
export type DeviceName = "auto" | "wasm" | "threads" | "gpu";

/** A loss of this package, or any function like them. */
export type Loss<Options extends object = object> = (input: LossInput, labels: Labels, options?: Options) => Tensor;

/** A place where losses are computed. All calls may be made at once; each settles, `close` or not. */
export interface Device {
  /** What it was opened as. */
  readonly name: DeviceName;
  /** What it runs on, and what happened to it: for people, and for choosing. */
  readonly info: Readonly<Record<string, unknown>>;
  /** The value of a loss and its gradient by the input, as `valueAndGrad(loss)` gives them. */
  valueAndGrad<Options extends object>(
    loss: Loss<Options>,
    input: Float32Array,
    labels: Labels,
    options?: Options & ValueAndGradOptions,
  ): Promise<ValueAndGrad>;
  /** The loss of a tensor in a graph: a scalar tensor whose `backward()` reaches what `logits` came from. */
  loss<Options extends object>(loss: Loss<Options>, logits: Tensor, labels: Labels, options?: Options): Promise<Tensor>;
  /** The values in order, ascending unless `descending`. */
  sort(values: Float32Array, options?: { descending?: boolean }): Promise<Float32Array>;
  /** The sum of each value and all before it. */
  cumsum(values: Float32Array): Promise<Float32Array>;
  /** Frees what the device holds; calls under way are settled first, later ones reject with `LovaszError` "device". */
  close(): Promise<void>;
}
