// Activation functions as layers without parameters.

import { gelu } from "../ops/gelu.js";
import { hardswish } from "../ops/hardswish.js";
import { leakyRelu } from "../ops/leakyRelu.js";
import { relu } from "../ops/relu.js";
import { relu6 } from "../ops/relu6.js";
import { sigmoid } from "../ops/sigmoid.js";
import { silu } from "../ops/silu.js";
import { tanh } from "../ops/tanh.js";
import { finite } from "../options.js";
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

/**
 * The leaky rectified linear unit as a layer: x above 0, otherwise a slope times x; see `leakyRelu`.
 *
 * @example
 * ```js
 * import { nn, tensor } from "lovasz";
 *
 * console.log(new nn.LeakyReLU(0.25).forward(tensor([-2, 2])).toArray()); // [ -0.5, 2 ]
 * ```
 */
export class LeakyReLU extends Module {
  /** The factor of what is not above 0. */
  readonly slope: number;

  /**
   * Throws `LovaszError` "option".
   * @param slope - The factor of what is not above 0, any finite number; PyTorch's `negative_slope`. Default 0.01.
   */
  constructor(slope = 0.01) {
    super();
    this.slope = finite("new nn.LeakyReLU(slope)", "slope", slope, 0.01);
  }

  /** Applies the activation to each element. */
  forward(input: Tensor): Tensor {
    return leakyRelu(input, this.slope);
  }
}

/**
 * The rectified linear unit up to 6 as a layer: min(max(x, 0), 6).
 *
 * @example
 * ```js
 * import { nn, tensor } from "lovasz";
 *
 * console.log(new nn.ReLU6().forward(tensor([-1, 2, 8])).toArray()); // [ 0, 2, 6 ]
 * ```
 */
export class ReLU6 extends Module {
  /** Applies the activation to each element. */
  forward(input: Tensor): Tensor {
    return relu6(input);
  }
}

/**
 * The sigmoid linear unit, or swish, as a layer: x / (1 + e^-x).
 *
 * @example
 * ```js
 * import { nn, tensor } from "lovasz";
 *
 * console.log(new nn.SiLU().forward(tensor([0, 100])).toArray()); // [ 0, 100 ]
 * ```
 */
export class SiLU extends Module {
  /** Applies the activation to each element. */
  forward(input: Tensor): Tensor {
    return silu(input);
  }
}

/**
 * The Gaussian error linear unit as a layer, the exact one: x (1 + erf(x / sqrt(2))) / 2.
 *
 * @example
 * ```js
 * import { nn, tensor } from "lovasz";
 *
 * console.log(new nn.GELU().forward(tensor([0, 100])).toArray()); // [ 0, 100 ]
 * ```
 */
export class GELU extends Module {
  /** Applies the activation to each element. */
  forward(input: Tensor): Tensor {
    return gelu(input);
  }
}

/**
 * The hard swish as a layer: x min(max(x + 3, 0), 6) / 6.
 *
 * @example
 * ```js
 * import { nn, tensor } from "lovasz";
 *
 * console.log(new nn.Hardswish().forward(tensor([1.5, 3])).toArray()); // [ 1.125, 3 ]
 * ```
 */
export class Hardswish extends Module {
  /** Applies the activation to each element. */
  forward(input: Tensor): Tensor {
    return hardswish(input);
  }
}
