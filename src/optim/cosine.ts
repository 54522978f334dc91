import { finite, knownOptions, MAX_WEIGHT } from "../options.js";
import { type Schedule, type ScheduleOptions, schedule } from "./schedule.js";

/** Options of `cosine`. */
export interface CosineOptions extends ScheduleOptions {
  /** The learning rate of step `steps` and all later ones, from 0 to 1e18. Default 0. */
  to?: number;
}

/**
 * A learning rate that falls from `from` to `to` along half a cosine, after a linear warm-up. Of step s, which counts from 0:
 *
 * - s < warmup: from (s + 1) / (warmup + 1);
 * - from then on: to + (from - to) (1 + cos(pi p)) / 2, where p = min(1, (s - warmup) / (steps - warmup)).
 *
 * Step `warmup` has the rate `from`, and `to` comes at step `steps`, the first after the last of `steps` steps. It is PyTorch's
 * LinearLR with the start factor 1 / (warmup + 1), then CosineAnnealingLR.
 *
 * Throws `LovaszError` "option". Source: Loshchilov, Hutter, "SGDR: stochastic gradient descent with warm restarts" (2017), equation 5.
 *
 * @example
 * ```js
 * import { optim } from "lovasz";
 *
 * const schedule = optim.cosine({ from: 1, steps: 8, warmup: 4 });
 * console.log([0, 3, 4, 6, 8, 9].map((step) => schedule(step).toFixed(2))); // [ '0.20', '0.80', '1.00', '0.50', '0.00', '0.00' ]
 * ```
 */
export function cosine(options: CosineOptions): Schedule {
  const call = "cosine(options)";
  knownOptions(call, options, ["from", "to", "steps", "warmup"]);
  const to = finite(call, "to", options.to, 0, 0, MAX_WEIGHT);
  // a mean of both, so that its ends are exact
  return schedule(call, options, (progress, from) => {
    const weight = (1 + Math.cos(Math.PI * progress)) / 2;
    return weight * from + (1 - weight) * to;
  });
}
