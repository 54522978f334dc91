// Checks of what optimisers are given.
import { LovaszError } from "../errors.js";
import { describe, finite, MAX_WEIGHT } from "../options.js";
import { show } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";

/** Returns a learning rate after checking it. */
export function checkRate(call: string, lr: unknown): number {
  return finite(call, "lr", lr ?? null, 0, 0, MAX_WEIGHT);
}

/** Throws for a tensor that was freed. */
export function checkAlive(call: string, name: string, { gone, shape }: Tensor): void {
  if (gone) throw new LovaszError("disposed", `${call}: ${name}, a tensor of shape ${show(shape)}, ${gone}`);
}

/** Returns the parameters of an optimiser after checking them. */
export function checkParameters(call: string, parameters: readonly Tensor[]): readonly Tensor[] {
  const own = Array.isArray(parameters) ? [...parameters] : [];
  if (own.length === 0) {
    throw new LovaszError("option", `${call}: parameters is ${describe(parameters)}, expected an array of at least one Tensor`);
  }
  const seen = new Set<unknown>();
  for (const [i, parameter] of own.entries()) {
    checkParameter(call, `parameters[${i}]`, parameter);
    if (seen.has(parameter)) {
      throw new LovaszError("option", `${call}: parameters[${i}] was listed before, so it would be updated twice per step; list it once`);
    }
    seen.add(parameter);
  }
  return own;
}

function checkParameter(call: string, name: string, parameter: unknown): void {
  if (parameter instanceof Tensor) parameter.checkAlive();
  if (parameter instanceof Tensor && parameter.requiresGrad && !parameter.node) return;
  const came = parameter instanceof Tensor ? "an operator's result or has no requiresGrad" : describe(parameter);
  const cure = "to freeze a parameter, leave it out: parameters.filter((one) => one.requiresGrad)";
  throw new LovaszError("option", `${call}: ${name} is ${came}, expected a Tensor made with { requiresGrad: true }; ${cure}`);
}
