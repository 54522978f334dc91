// What every device can do: the losses and two primitives, with the same result wherever they run.
import type { LossInput } from "../losses/input.js";
import type { Labels } from "../losses/labels.js";
import type { ValueAndGrad, ValueAndGradOptions } from "../losses/valueAndGrad.js";
import type { Tensor } from "../tensor/tensor.js";

/** The names that `openDevice` knows. */
export type DeviceName = "auto" | "wasm" | "threads" | "gpu";

/** A loss of this package, or any function like them. */
export type Loss<Options extends object = object> = (input: LossInput, labels: Labels, options?: Options) => Tensor;

/** What computes losses. Any number of calls may run at once; each settles, even if the device is closed meanwhile. */
export interface Device {
  /** What it was opened as. */
  readonly name: DeviceName;
  /** What it runs on, and what happened to it: for people to read, and for programs to choose by. */
  readonly info: Readonly<Record<string, unknown>>;
  /** The value of a loss and its gradient with respect to the input, as `valueAndGrad(loss)` returns them. */
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
  /** Frees what the device holds. Calls that are running settle first; later ones reject with `LovaszError` "device". */
  close(): Promise<void>;
}
