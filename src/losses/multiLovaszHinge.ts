import { LovaszError } from "../errors.js";
import { transpose } from "../ops/transpose.js";
import { knownOptions } from "../options.js";
import { ones } from "../tensor/ones.js";
import { tidy } from "../tensor/scope.js";
import { show } from "../tensor/shape.js";
import { tensor } from "../tensor/tensor.js";
import { viewI32 } from "../wasm/memory.js";
import { type LossInput, lossInput } from "./input.js";
import { classMap, type Labels } from "./labels.js";
import { lovaszHinge } from "./lovaszHinge.js";
import type { MethodOptions } from "./method.js";
import type { LossOptions } from "./options.js";

/** Options of `multiLovaszHinge`. */
export type MultiLovaszHingeOptions = Pick<LossOptions, "ignore" | "shape"> & MethodOptions;

/** What `multiLovaszHinge` gives. */
export interface MultiLovaszHinge {
  /** The loss of each class, [C]. */
  losses: Float32Array;
  /** The gradient of each loss by the logits of its class, [P, C] in C order. */
  grads: Float32Array;
}

/**
 * One Lovász hinge for each class: logits [P, C], labels 0 or 1 [P, C], each column a binary task of its own.
 *
 * Throws `LovaszError` "shape", "label", "nan" or "option".
 */
export function multiLovaszHinge(logits: LossInput, labels: Labels, options: MultiLovaszHingeOptions = {}): MultiLovaszHinge {
  const call = "multiLovaszHinge";
  knownOptions(call, options, ["ignore", "shape", "method", "bins"]);
  return tidy(() => {
    const input = lossInput(call, logits, options.shape);
    const [pixels, classes] = input.shape;
    if (input.shape.length !== 2) {
      throw new LovaszError("shape", `${call}: the logits have shape ${show(input.shape)}, expected [P, C]; pass { shape: [P, C] }`);
    }
    // read here, so that a message names the label by its place in the array of the user
    const map = { count: input.size, classes: 2, ignore: options.ignore, multiclass: "lovaszSoftmax" };
    const truth = viewI32(classMap(call, labels, map).pointer, input.size);
    const byClass = Int32Array.from({ length: input.size }, (_, i) => truth[(i % pixels) * classes + Math.floor(i / pixels)]);
    const columns = tensor(transpose(input).data, [classes, pixels], { requiresGrad: true });
    const losses = lovaszHinge(columns, byClass, { ignore: -1, method: options.method, bins: options.bins, reduction: "none" });
    losses.backward(ones([classes]));
    const { grad } = columns;
    return { losses: losses.data.slice(), grads: grad ? transpose(grad).data.slice() : new Float32Array(0) };
  });
}
