// The arguments of a call that does not run on this thread, as they are when it is made: the caller may change them while it runs.
import { LovaszError } from "../errors.js";
import { type LabelArray, type Labels, readLabels } from "../losses/labels.js";
import type { ValueAndGradOptions } from "../losses/valueAndGrad.js";
import { isPlain } from "../options.js";
import { Tensor } from "../tensor/tensor.js";
import { copyOf, isDetached, isFloat32, kindOf, ordinary, type TypedArray } from "../typedArray.js";
import { settled } from "../wasm/memory.js";

export interface Held {
  /** The caller's own memory, unless it is the core's. */
  input: Float32Array;
  /** Likewise. */
  labels: LabelArray;
  /** Copied, lists and all, but for `out`. */
  options: ValueAndGradOptions;
}

/** The arguments, or null where they are so odd that the loss had better refuse them on this thread, now. */
export function hold(input: Float32Array, labels: Labels, options: object | undefined): Held | null {
  if (!isFloat32(input)) return null;
  try {
    const { out, ...copied } = (options ?? {}) as ValueAndGradOptions;
    const own = copyOfOption(copied) as object;
    return {
      input: settled(ordinary(input)),
      labels: readLabels("", labels),
      options: options && "out" in options ? { ...own, out } : own,
    };
  } catch (error) {
    if (error instanceof LovaszError) return null;
    throw error;
  }
}

// options nest no deeper: { setFunction: { tversky: { alpha } } }
const DEEPEST = 4;

function copyOfOption(value: unknown, depth = 0): unknown {
  if (depth > DEEPEST) return value;
  if (value instanceof Tensor) return value.copy();
  if (kindOf(value) !== undefined) return isDetached(value as TypedArray) ? value : copyOf(value as TypedArray);
  if (Array.isArray(value)) return Array.from(value, (one) => copyOfOption(one, depth + 1));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, copyOfOption(one, depth + 1)]));
}
