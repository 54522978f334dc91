// Initial values of parameters.
import { ones } from "../tensor/ones.js";
import { randn } from "../tensor/randn.js";
import { untrack } from "../tensor/scope.js";
import { type Shape, sizeOf } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { zeros } from "../tensor/zeros.js";

/**
 * Random weights with variance 2 / (number of inputs), which keeps the magnitude of activations across layers with relu: He et al.,
 * "Delving deep into rectifiers" (2015), equation 10. The weights are [out, ...in] where `inputs` says nothing else.
 */
export function heWeights(shape: Shape, seed: number, inputs = sizeOf(shape.slice(1))): Tensor {
  const weight = parameter(randn(shape, { seed }));
  const deviation = Math.sqrt(2 / inputs);
  const { data } = weight;
  for (let i = 0; i < data.length; i++) data[i] *= deviation;
  return weight;
}

/** A bias of zeros, to be trained. */
export function zeroBias(size: number): Tensor {
  return parameter(zeros([size]));
}

/** Weights of 1, to be trained. */
export function unitWeight(size: number): Tensor {
  return parameter(ones([size]));
}

/** Returns `tensor`, which outlives every tidy() and is not trained. */
export function buffer(tensor: Tensor): Tensor {
  untrack(tensor);
  making?.push(tensor);
  return tensor;
}

let making: Tensor[] | null = null;

/** Returns the result of `build`; if it throws, the parameters made by then are freed. */
export function allOrNone<T>(build: () => T): T {
  const outer = making;
  const made: Tensor[] = [];
  making = made;
  try {
    return build();
  } catch (error) {
    for (const tensor of made) tensor.dispose();
    throw error;
  } finally {
    making = outer;
    outer?.push(...made);
  }
}

function parameter(tensor: Tensor): Tensor {
  buffer(tensor).requiresGrad = true;
  return tensor;
}
