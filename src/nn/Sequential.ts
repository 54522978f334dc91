import { LovaszError } from "../errors.js";
import { describe } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";

/** Layers one after another. */
export class Sequential extends Module {
  readonly layers: readonly Module[];

  constructor(...layers: Module[]) {
    super();
    for (const [i, layer] of layers.entries()) {
      if (layer instanceof Module) continue;
      throw new LovaszError("option", `new nn.Sequential(...layers): layers[${i}] is ${describe(layer)}, expected a module`);
    }
    this.layers = layers;
  }

  forward(input: Tensor): Tensor {
    let current = input;
    for (const layer of this.layers) {
      let next: Tensor | null = null;
      try {
        next = layer.forward(current);
      } finally {
        // what the backward pass reads, the tape holds itself
        if (current !== input && next !== current) current.dispose();
      }
      current = next;
    }
    return current;
  }
}
