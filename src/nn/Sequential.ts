import { LovaszError } from "../errors.js";
import { reluInPlace } from "../ops/relu.js";
import { describe } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { ReLU } from "./activations.js";
import { Conv2d } from "./Conv2d.js";
import { Module } from "./module.js";

/**
 * A network that applies its layers one after another.
 *
 * @example
 * ```js
 * import { nn, randn } from "lovasz";
 *
 * const network = new nn.Sequential(new nn.Conv2d(3, 8, 3), new nn.ReLU(), new nn.Conv2d(8, 1, 1));
 * console.log(network.forward(randn([1, 3, 16, 16])).shape); // [ 1, 1, 14, 14 ]
 * ```
 */
export class Sequential extends Module {
  /** The layers, in order. */
  readonly layers: readonly Module[];

  /** Takes the layers in the order in which they are applied. Throws `LovaszError` "option". */
  constructor(...layers: Module[]) {
    super();
    for (const [i, layer] of layers.entries()) {
      if (layer instanceof Module) continue;
      throw new LovaszError("option", `new nn.Sequential(...layers): layers[${i}] is ${describe(layer)}, expected a module`);
    }
    this.layers = layers;
  }

  /** Passes `input` through all layers. */
  forward(input: Tensor): Tensor {
    let current = input;
    for (let i = 0; i < this.layers.length; i++) {
      const layer = this.layers[i];
      let next: Tensor | null = null;
      try {
        if (isConvolution(layer) && isPlain(this.layers[i + 1], ReLU)) {
          next = layer.forwardRelu(current);
          i++;
        } else {
          // what is freed next, and what nothing else holds a handle on, may be written over
          const isOver = isPlain(layer, ReLU) && current !== input && !current.storage.shared;
          next = isOver ? reluInPlace(current) : layer.forward(current);
        }
      } finally {
        // the tape holds its own handles on what the backward pass reads
        if (current !== input && next !== current) current.dispose();
      }
      current = next;
    }
    return current;
  }
}

// classes derived from them, and layers whose `forward` was replaced, may compute something else

function isConvolution(layer: Module): layer is Conv2d {
  return isPlain(layer, Conv2d);
}

function isPlain(layer: Module | undefined, kind: typeof Conv2d | typeof ReLU): boolean {
  return layer?.constructor === kind && (layer as Conv2d | ReLU).forward === kind.prototype.forward;
}
