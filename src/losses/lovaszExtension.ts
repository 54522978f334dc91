import { LovaszError } from "../errors.js";
import { COUNTER_BYTES } from "../ops/sort.js";
import { describe, finite, isPlain, knownOptions, MAX_FLOAT, MAX_WEIGHT } from "../options.js";
import { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { scratch, viewF32, viewI32 } from "../wasm/memory.js";
import { LOVASZ_OPTIONS, type LovaszOptions } from "./binaryArguments.js";
import type { LossInput } from "./input.js";
import type { Labels } from "./labels.js";
import { type BinaryLoss, type Kernel, lovaszBinary } from "./lovaszBinary.js";
import { refuseNegative } from "./range.js";

/**
 * A loss of sets: the cost of misclassified pixels, at most 1e38, given the total weights of the false positives, the false negatives
 * and all positives. It must be 0 for no errors, increase in both kinds of error, and be submodular, or else the extension is not convex.
 */
export type SetFunction = (falsePositives: number, falseNegatives: number, positives: number) => number;

/** Options of `lovaszExtension`. */
export interface LovaszExtensionOptions extends LovaszOptions {
  /**
   * The loss of sets to extend: Jaccard, Dice, the Tversky loss with weights `alpha` for false positives and `beta` for false
   * negatives (0, or from 1e-9 to 1e18), or a function of your own. Default `"jaccard"`.
   */
  setFunction?: "jaccard" | "dice" | { tversky: { alpha: number; beta: number } } | SetFunction;
}

/**
 * The Lovász extension of a set function at given errors [B, ...] of at least 0, with one label 0 or 1 for each. The errors are
 * sorted in descending order (among equal errors, positives first), and each is weighted by how much the set function increases
 * when its pixel joins the ones before it. `perImage` is false by default; `reduction: "none"` returns one value per image.
 *
 * Throws `LovaszError` "shape", "label", "nan" or "option".
 * Source: Lovász, "Submodular functions and convexity" (1983); Berman, Rannen Triki, Blaschko (CVPR 2018), definition 1.
 *
 * @example
 * ```js
 * import { lovaszExtension, tensor } from "lovasz";
 *
 * const errors = tensor([0.5, 0.25], undefined, { requiresGrad: true });
 * const loss = lovaszExtension(errors, [1, 0], { setFunction: "dice" });
 * console.log(loss.item()); // 0.5
 * ```
 */
export function lovaszExtension(errors: LossInput, labels: Labels, options: LovaszExtensionOptions = {}): Tensor {
  const call = "lovaszExtension";
  if (options?.method === "histogram" && typeof options.setFunction === "function") {
    throw new LovaszError("option", `${call}: method is "histogram", but a setFunction of your own needs method "sort"`);
  }
  const known = [...LOVASZ_OPTIONS, "setFunction"];
  const task = { call, known, kind: "errors", multiclass: "a call for each class", perImage: false, check: refuseNegative } as const;
  return lovaszBinary(task, errors, labels, options, setFunctionOf(call, options?.setFunction));
}

function setFunctionOf(call: string, chosen: LovaszExtensionOptions["setFunction"] = "jaccard"): BinaryLoss {
  if (chosen === "jaccard") return {};
  if (chosen === "dice") return { alpha: 0.5, beta: 0.5 };
  if (typeof chosen === "function") return { kernel: byDefinition(call, chosen) };
  if (isPlain(chosen) && chosen.tversky) {
    knownOptions(`${call}: setFunction`, chosen, ["tversky"]);
    knownOptions(`${call}: setFunction.tversky`, chosen.tversky, ["alpha", "beta"]);
    const [alpha, beta] = [chosen.tversky.alpha ?? null, chosen.tversky.beta ?? null];
    return { alpha: tverskyWeight(call, "alpha", alpha), beta: tverskyWeight(call, "beta", beta) };
  }
  const expected = '"jaccard", "dice", { tversky: { alpha, beta } } or a function of (falsePositives, falseNegatives, positives)';
  throw new LovaszError("option", `${call}: setFunction is ${describe(chosen)}, expected ${expected}`);
}

function tverskyWeight(call: string, name: string, given: number | null): number {
  const weight = finite(call, `setFunction.tversky.${name}`, given, 1, 0, MAX_WEIGHT);
  if (weight === 0 || weight >= LEAST_SHARE) return weight;
  const reason = "beside the weight of correct pixels, a smaller one would be lost to rounding";
  throw new LovaszError("option", `${call}: setFunction.tversky.${name} is ${weight}, expected 0 or at least ${LEAST_SHARE}: ${reason}`);
}

// float64 keeps too few digits of a smaller weight added to 1
const LEAST_SHARE = 1e-9;

// The definition in float64, as a kernel: evaluates the set function at the end of every run of equal errors.
function byDefinition(call: string, set: SetFunction): Kernel {
  return ({ values, labels, weights, pixels: n, scale, gradient }) => {
    const [sorted, order] = [Tensor.empty([n]), Tensor.empty([n])];
    scratch([8 * n, 8 * n, COUNTER_BYTES], (records, copy, counters) => {
      kernels.sort_f32(values, sorted.pointer, order.pointer, n, true, records, copy, counters);
    });
    // copies, as the user's function may make memory grow, which detaches views
    const error = sorted.data.map((one) => one + 0); // turns -0 into 0, which Object.is distinguishes
    const pixel = viewI32(order.pointer, n).slice();
    const label = viewI32(labels, n).slice();
    const mass = weights ? viewF32(weights, n).slice() : null;
    const derivatives = new Float32Array(n);
    const positives = label.reduce((sum, one, i) => (one === 1 ? sum + (mass?.[i] ?? 1) : sum), 0);
    const cost = (fp: number, fn: number): number => {
      const value = set(fp, fn, positives);
      if (typeof value === "number" && Math.abs(value) <= MAX_COST) return value;
      const range = `expected a finite number of at most ${MAX_COST}`;
      throw new LovaszError("option", `${call}: setFunction(${fp}, ${fn}, ${positives}) is ${describe(value)}, ${range}`);
    };
    let [loss, fp, fn, before] = [0, 0, 0, n > 0 ? cost(0, 0) : 0];
    for (let start = 0, end = 0; start < n; start = end) {
      const added = [0, 0];
      // Object.is also matches NaN, which only ignored pixels have
      for (end = start; end < n && Object.is(error[end], error[start]); end++) {
        const i = pixel[end];
        if (label[i] >= 0) added[label[i]] += mass?.[i] ?? 1;
      }
      const middle = cost(fp, fn + added[1]);
      const after = cost(fp + added[0], fn + added[1]);
      const steps = [added[0] > 0 ? (after - middle) / added[0] : 0, added[1] > 0 ? (middle - before) / added[1] : 0];
      if (after !== before) loss += (after - before) * error[start];
      for (let k = start; k < end; k++) {
        const i = pixel[k];
        if (label[i] >= 0) derivatives[i] = scale * steps[label[i]] * (mass?.[i] ?? 1);
      }
      [fp, fn, before] = [fp + added[0], fn + added[1], after];
    }
    const isHeld = (one: number) => Math.abs(one) <= MAX_FLOAT;
    // an infinite error makes the loss infinite
    const isInfinite = loss === Number.POSITIVE_INFINITY && error.includes(loss);
    if (!(isHeld(loss) || isInfinite) || !derivatives.every(isHeld)) {
      throw new LovaszError("option", `${call}: setFunction gives a loss of ${loss} or a gradient that exceeds float32; scale it down`);
    }
    viewF32(gradient, n).set(derivatives);
    return loss;
  };
}

/** The largest result of a set function, so that the difference of two fits in float32. */
const MAX_COST = 1e38;
