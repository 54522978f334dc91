// Shared by Adam and AdamW: their options, and one step of them.
import { LovaszError } from "../errors.js";
import { describe, finite, knownOptions, MAX_WEIGHT } from "../options.js";
import { kernels } from "../wasm/instance.js";
import { dataView, scratch } from "../wasm/memory.js";
import { layout, writeStruct } from "../wasm/struct.js";
import { checkRate } from "./checks.js";
import type { Kind, Move } from "./kind.js";

/** The options of both, with all defaults. */
export interface MomentOptions {
  lr: number;
  betas: readonly [number, number];
  eps: number;
  weightDecay: number;
}

// With a smaller eps, a gradient of 0, or one whose square underflows in float32, would be divided by almost nothing.
const LEAST_EPS = 1e-20;

const isDecay = (beta: unknown) => typeof beta === "number" && beta >= 0 && Math.fround(beta) < 1;

/** The kind of optimiser of that name; `weightDecay` is the default of that option. */
export function momentKind(name: string, weightDecay: number): Kind<MomentOptions> {
  return {
    name,
    slots: [
      { name: "exp_avg", least: Number.NEGATIVE_INFINITY },
      { name: "exp_avg_sq", least: 0 },
    ],
    read: (call, options) => readOptions(call, options, weightDecay),
  };
}

function readOptions(call: string, options: Partial<MomentOptions>, defaultDecay: number): MomentOptions {
  knownOptions(call, options, ["lr", "betas", "eps", "weightDecay"]);
  const { lr = 0.001, betas = [0.9, 0.999], eps, weightDecay } = options;
  const own = Array.isArray(betas) ? [...betas] : [];
  if (own.length !== 2 || !own.every(isDecay)) {
    throw new LovaszError("option", `${call}: betas is ${describe(betas)}, expected two numbers from 0 to less than 1 in float32`);
  }
  return {
    lr: checkRate(call, lr),
    betas: [own[0], own[1]],
    eps: finite(call, "eps", eps, 1e-8, LEAST_EPS),
    weightDecay: finite(call, "weightDecay", weightDecay, defaultDecay, 0, MAX_WEIGHT),
  };
}

const STEP = layout(
  {},
  {
    beta1: kernels.ADAM_BETA1,
    beta2: kernels.ADAM_BETA2,
    rate: kernels.ADAM_RATE,
    correction: kernels.ADAM_CORRECTION,
    epsilon: kernels.ADAM_EPSILON,
    decay: kernels.ADAM_DECAY,
    shrink: kernels.ADAM_SHRINK,
  },
);

/** How the weights decay: by an addition to the gradient (`decay`), or by a factor on the parameter (`shrink`). */
export interface Decay {
  decay: number;
  shrink: number;
}

/** One step of each of `moves`, which `begin` returns once there is memory for the rest. */
export function momentStep(begin: () => readonly Move[], { lr, betas: [beta1, beta2], eps: epsilon }: MomentOptions, weights: Decay): void {
  scratch([kernels.ADAM_BYTES.value], (pointer) => {
    // steps are counted for each parameter, as one without a gradient is not updated
    for (const { values, gradient, state, size, steps } of begin()) {
      const [first, second] = state;
      const rate = lr / (1 - beta1 ** steps);
      const correction = 1 / Math.sqrt(1 - beta2 ** steps);
      writeStruct(dataView(), pointer, STEP, { beta1, beta2, rate, correction, epsilon, ...weights });
      kernels.adam_f32(values, gradient, first, second, size, pointer);
    }
  });
}
