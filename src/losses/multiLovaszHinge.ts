import { LovaszError } from "../errors.js";
import { tidy } from "../tensor/scope.js";
import { show } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { readBinary } from "./binaryArguments.js";
import type { LossInput } from "./input.js";
import type { Labels } from "./labels.js";
import { HINGE } from "./lovaszHinge.js";
import type { MethodOptions } from "./method.js";
import type { LossOptions } from "./options.js";
import { plainHinge } from "./plainHinge.js";
import { rowSink, rowsAt } from "./rows.js";

/** Options of `multiLovaszHinge`. */
export type MultiLovaszHingeOptions = Pick<LossOptions, "ignore" | "shape"> & MethodOptions;

/** The result of `multiLovaszHinge`. */
export interface MultiLovaszHinge {
  /** The loss of each class, [C]. */
  losses: Float32Array;
  /** The gradient of each loss by the logits of its class, [P, C], in C order. */
  grads: Float32Array;
}

/**
 * One Lovász hinge loss for each class, with its gradient: logits [P, C] and labels 0 or 1 [P, C], whose columns are separate binary
 * tasks.
 *
 * Throws `LovaszError` "shape", "label", "nan" or "option".
 *
 * @example
 * ```js
 * import { multiLovaszHinge, tensor } from "lovasz";
 *
 * const { losses, grads } = multiLovaszHinge(tensor([[0.5, -2], [1, 0.5]]), [[1, 0], [1, 0]]);
 * console.log(losses); // Float32Array(2) [ 0.25, 1.5 ]
 * console.log(grads); // Float32Array(4) [ -0.5, 0, 0, 1 ]
 * ```
 */
export function multiLovaszHinge(logits: LossInput, labels: Labels, options: MultiLovaszHingeOptions = {}): MultiLovaszHinge {
  const call = "multiLovaszHinge";
  return tidy(() => {
    const task = { ...HINGE, call, known: ["ignore", "shape", "method", "bins"] };
    const whole = readBinary(task, logits, labels, options);
    const { input } = whole;
    const [pixels, classes] = input.shape;
    if (input.shape.length !== 2) {
      throw new LovaszError("shape", `${call}: the logits have shape ${show(input.shape)}, expected [P, C]; pass { shape: [P, C] }`);
    }
    const swap = { batch: 1, rows: pixels, columns: classes, block: 1 };
    const lossesOf = plainHinge({ ...whole, images: classes, n: pixels }, rowsAt(input.pointer, 4, pixels, swap), swap);
    const grads = Tensor.empty([input.size]);
    const gradient = rowSink(grads.pointer, pixels, swap);
    const losses = Float32Array.from(lossesOf(1, gradient));
    gradient.end();
    return { losses, grads: grads.data.slice() };
  });
}
