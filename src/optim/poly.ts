import { finite, knownOptions, MAX_WEIGHT } from "../options.js";
import { type Schedule, type ScheduleOptions, schedule } from "./schedule.js";

/** Options of `poly`. */
export interface PolyOptions extends ScheduleOptions {
  /** The power of the remaining share of the steps, from 0 to 1e18. Default 0.9. */
  power?: number;
}

/**
 * A learning rate that falls from `from` to 0 by a power, after a linear warm-up. Of step s, which counts from 0:
 *
 * - s < warmup: from (s + 1) / (warmup + 1);
 * - from then on: from (1 - p)^power, where p = min(1, (s - warmup) / (steps - warmup)).
 *
 * Step `warmup` has the rate `from`, and 0 comes at step `steps`, the first after the last of `steps` steps. It is PyTorch's LinearLR
 * with the start factor 1 / (warmup + 1), then PolynomialLR.
 *
 * Throws `LovaszError` "option". Source: Chen et al., "DeepLab" (2017), section 4.1.2.
 *
 * @example
 * ```js
 * import { optim } from "lovasz";
 *
 * const schedule = optim.poly({ from: 1, steps: 8, warmup: 4 });
 * console.log([0, 3, 4, 6, 8, 9].map((step) => schedule(step).toFixed(2))); // [ '0.20', '0.80', '1.00', '0.54', '0.00', '0.00' ]
 * ```
 */
export function poly(options: PolyOptions): Schedule {
  const call = "poly(options)";
  knownOptions(call, options, ["from", "power", "steps", "warmup"]);
  const power = finite(call, "power", options.power, 0.9, 0, MAX_WEIGHT);
  return schedule(call, options, (progress, from) => from * (1 - progress) ** power);
}
