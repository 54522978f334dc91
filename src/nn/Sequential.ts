import { LovaszError } from "../errors.js";
import { describe } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";

/** A network that applies its layers one after another. */
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
    for (const layer of this.layers) {
      let next: Tensor | null = null;
      try {
        next = layer.forward(current);
      } finally {
        // the tape holds its own handles on what the backward pass reads
        if (current !== input && next !== current) current.dispose();
      }
      current = next;
    }
    return current;
  }
}
