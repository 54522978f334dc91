// Networks whose every number matters: random weights, and running statistics unlike those that they start with.
import type { nn } from "../../../src/index.js";
import { uniform } from "../../../src/random.js";

/** Gives `network` random biases, norms and running statistics; its weights stay. */
export function stirred<T extends nn.Module>(network: T, seed = 1): T {
  const next = uniform(seed);
  const state = network.stateDict();
  for (const [name, { data }] of Object.entries(state)) {
    if (name.endsWith("bias") || name.endsWith("running_mean")) data.forEach((_, i) => { data[i] = 0.4 * (next() - 0.5); }); // biome-ignore format: one line
    if (name.endsWith("running_var")) data.forEach((_, i) => { data[i] = 0.5 + next(); }); // biome-ignore format: one line
    // only norms have weights of one axis
    if (name.endsWith("weight") && state[name].shape.length === 1) data.forEach((_, i) => { data[i] = 0.7 + 0.6 * next(); }); // biome-ignore format: one line
  }
  network.loadStateDict(state);
  return network;
}
