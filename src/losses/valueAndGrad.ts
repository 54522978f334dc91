import { LovaszError } from "../errors.js";
import { describe, isPlain } from "../options.js";
import { tidy } from "../tensor/scope.js";
import { type Shape, show } from "../tensor/shape.js";
import { gradientBy, isRecording, withRecording } from "../tensor/tape.js";
import { Tensor, tensor } from "../tensor/tensor.js";
import { isFloat32 } from "../typedArray.js";
import { isOwn } from "../wasm/memory.js";
import { gradientAt } from "./fused.js";
import { outOfCore } from "./outOfCore.js";

/** Options of the function that `valueAndGrad` returns, besides those of the loss. */
export interface ValueAndGradOptions {
  /** The shape of the input. Default: one axis. */
  shape?: Shape;
  /** The array to write the gradient to, as long as the input. Default: a new one. */
  out?: Float32Array;
}

/** The value of a loss, and its gradient by the input. */
export interface ValueAndGrad {
  /** The value of the loss. */
  value: number;
  /** The gradient by the input, in the order of the input. */
  grad: Float32Array;
}

/**
 * Turns a loss (or any function of a Tensor that returns a Tensor of one element) into a function of plain arrays that returns the
 * value and the gradient: `valueAndGrad(lovaszHinge)(logits, labels, { shape })`. Options other than `shape` and `out` go to the loss.
 * The gradients of other tensors with `requiresGrad`, such as the parameters of a model, are added to their `grad`, except within
 * `noGrad`.
 *
 * @example
 * ```js
 * import { lovaszHinge, valueAndGrad } from "lovasz";
 *
 * const { value, grad } = valueAndGrad(lovaszHinge)(Float32Array.of(0.5, -0.5), [1, 0]);
 * console.log(value); // 0.5
 * console.log(grad); // Float32Array(2) [ -1, 0 ]
 * ```
 */
export function valueAndGrad<Labels = undefined, Options extends object = object>(
  loss: (input: Tensor, labels: Labels, options?: Options) => Tensor,
): (input: Float32Array | readonly number[], labels?: Labels, options?: Options & ValueAndGradOptions) => ValueAndGrad {
  const call = "valueAndGrad(loss)";
  if (typeof loss !== "function") {
    throw new LovaszError("option", `${call}: loss is ${describe(loss)}, expected a function of a Tensor that returns a Tensor`);
  }
  return (input, labels, options) => {
    const { shape, out, ...lossOptions } = settings(call, options) as Options & ValueAndGradOptions;
    if (!fitsOut(out, input)) throw wrongOut(call, out as unknown, input);
    const [truth, own] = [outOfCore(labels), outOfCore(lossOptions as unknown as Options)];
    return tidy(() => {
      const leaf = tensor(input, shape, { requiresGrad: true });
      // a noGrad() around this call means that the gradients of a model stay as they are
      const isGraphWanted = isRecording();
      const result = withRecording(true, () => loss(leaf, truth as Labels, own));
      if (!(result instanceof Tensor) || result.size !== 1) {
        if ((lossOptions as { reduction?: unknown }).reduction === "none") {
          throw new LovaszError(
            "option",
            `${call}: reduction is "none", but only a single value has a gradient; use { reduction: "mean" }`,
          );
        }
        // the error below reports it; a rejection must not be unhandled as well
        if ((result as unknown) instanceof Promise) (result as unknown as Promise<unknown>).catch(() => {});
        const came = result instanceof Tensor ? `a Tensor of shape ${show(result.shape)}` : describe(result);
        throw new LovaszError("shape", `${call}: loss returned ${came}, expected a Tensor of one element`);
      }
      const value = result.item();
      const gradient = result.requiresGrad ? (gradientAt(result, leaf) ?? gradientBy(result, leaf, isGraphWanted)) : null;
      const grad = out ?? new Float32Array(leaf.size);
      if (gradient) grad.set(gradient.data);
      else grad.fill(0);
      return { value, grad };
    });
  };
}

/** Whether `out` is undefined or can hold the gradient of `input`. */
export function fitsOut(out: unknown, input: ArrayLike<number>): boolean {
  return out === undefined || (isFloat32(out) && out.length === input?.length && !isOwn(out));
}

function wrongOut(call: string, out: unknown, input: ArrayLike<number>): LovaszError {
  if (isFloat32(out) && isOwn(out)) {
    const cure = "pass an array of your own, such as new Float32Array(input.length)";
    return new LovaszError("option", `${call}: out is a view of the engine's memory, which moves as it grows; ${cure}`);
  }
  const expected = `expected a Float32Array of ${input?.length ?? "some numbers"}, as long as the input`;
  return new LovaszError("shape", `${call}: out is ${describe(out)}, ${expected}`);
}

function settings(call: string, options: unknown): object {
  if (options === undefined || options === null) return {};
  if (isPlain(options)) return options;
  throw new LovaszError("option", `${call}: options is ${describe(options)}, expected an object such as { shape: [2, 3] }`);
}
