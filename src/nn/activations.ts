// Activation functions as layers without parameters.
import { relu } from "../ops/relu.js";
import { sigmoid } from "../ops/sigmoid.js";
import { tanh } from "../ops/tanh.js";
import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";

/**
 * The rectified linear unit as a layer: max(x, 0).
 *
 * @example
 * ```js
 * import { nn, tensor } from "lovasz";
 *
 * console.log(new nn.ReLU().forward(tensor([-1, 2])).toArray()); // [ 0, 2 ]
 * ```
 */
export class ReLU extends Module {
  /** Applies the activation to each element. */
  forward(input: Tensor): Tensor {
    return relu(input);
  }
}

/**
 * The sigmoid as a layer: 1 / (1 + e^-x).
 *
 * @example
 * ```js
 * import { nn, tensor } from "lovasz";
 *
 * console.log(new nn.Sigmoid().forward(tensor([0, 100])).toArray()); // [ 0.5, 1 ]
 * ```
 */
export class Sigmoid extends Module {
  /** Applies the activation to each element. */
  forward(input: Tensor): Tensor {
    return sigmoid(input);
  }
}

/**
 * The hyperbolic tangent as a layer.
 *
 * @example
 * ```js
 * import { nn, tensor } from "lovasz";
 *
 * console.log(new nn.Tanh().forward(tensor([0, 100])).toArray()); // [ 0, 1 ]
 * ```
 */
export class Tanh extends Module {
  /** Applies the activation to each element. */
  forward(input: Tensor): Tensor {
    return tanh(input);
  }
}
