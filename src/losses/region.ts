// What the losses on regions share: dice, jaccard and tversky are functions of three sums over the pixels of a class.
import { add } from "../ops/add.js";
import { div } from "../ops/div.js";
import { log } from "../ops/log.js";
import { mul } from "../ops/mul.js";
import { neg } from "../ops/neg.js";
import { pow } from "../ops/pow.js";
import { reshape } from "../ops/reshape.js";
import { sigmoid } from "../ops/sigmoid.js";
import { softmax } from "../ops/softmax.js";
import { sub } from "../ops/sub.js";
import { sum } from "../ops/sum.js";
import { finite, flag, knownOptions } from "../options.js";
import { tidy } from "../tensor/scope.js";
import { record } from "../tensor/tape.js";
import { Tensor, tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { averaged } from "./averaged.js";
import { channels, checkLayout, checkMode, type Mode } from "./channels.js";
import { type LossInput, lossInput } from "./input.js";
import { type Labels, readLabels } from "./labels.js";
import { LOSS_OPTIONS, type LossOptions, lossOptions } from "./options.js";
import { refuseImprobable, refuseInfinite, refuseNaN } from "./range.js";
import { readTargets } from "./targets.js";

/** Options of `dice`, `jaccard`, `jaccardMetric` and (with more) `tversky`. */
export interface RegionOptions extends LossOptions {
  /** How the channels relate. Default `"binary"`. */
  mode?: Mode;
  /** Whether the input holds logits, or else probabilities. Default true. */
  fromLogits?: boolean;
  /** Added above and below the quotient. Default 0. */
  smooth?: number;
  /** The least that the denominator (and a quotient under a logarithm) may be. Default 1e-7. */
  eps?: number;
  /** -ln(score) instead of 1 - score. Default false. */
  logLoss?: boolean;
}

/** Names of the options above. */
export const REGION_OPTIONS = [...LOSS_OPTIONS, "mode", "fromLogits", "smooth", "eps", "logLoss"] as const;

/** What a false positive and a false negative weigh beside a true positive, and the power of the mean loss. */
export interface RegionScore {
  alpha: number;
  beta: number;
  gamma: number;
  /** What of a pixel is shared by prediction p and label t: p t, or min(p, t), which soft labels want. Default the product. */
  shared?: "product" | "least";
}

/**
 * 1 - score (or its logarithm) of each class, score = (TP + smooth) / (TP + alpha FP + beta FN + smooth), with TP, FP and FN
 * the sums of p t, p (1-t) and (1-p) t over the pixels that are not void; 0 where no pixel is labelled with the class. The
 * mean over classes (and, `perImage`, images), to the power of gamma; or with `reduction: "none"` one loss for each class
 * (`perImage`: for each image, the mean of its classes).
 */
export function regionLoss(
  call: string,
  first: LossInput,
  given: Labels,
  options: RegionOptions,
  known: readonly string[],
  { alpha, beta, gamma, shared: kind }: RegionScore,
): Tensor {
  knownOptions(call, options, known);
  const mode = checkMode(call, options.mode, "binary");
  const { perImage, mean } = lossOptions(call, options, false);
  const fromLogits = flag(call, "fromLogits", options.fromLogits, true);
  const smooth = finite(call, "smooth", options.smooth, 0, 0);
  // float32 divides by nothing smaller
  const eps = Math.max(finite(call, "eps", options.eps, 1e-7, 0), 2 ** -126);
  const logLoss = flag(call, "logLoss", options.logLoss, false);
  const labels = readLabels(call, given);
  return tidy(() => {
    const at = channels(call, lossInput(call, first, options.shape), checkLayout(call, options.layout), mode);
    const { x, images, classes } = at;
    const targets = readTargets(call, labels, at, { mode, ignore: options.ignore });
    const refuse = !fromLogits ? refuseImprobable : mode === "multiclass" ? refuseInfinite : refuseNaN;
    refuse(call, x, targets, { images: 1, classes: 1, pixels: x.size, from: at });
    const values = keep(x, targets);
    const probabilities = !fromLogits ? values : mode === "multiclass" ? softmax(values, 1) : sigmoid(values);
    const label = Tensor.empty(targets.shape);
    const mask = Tensor.empty(targets.shape);
    kernels.splitVoid_f32(targets.pointer, label.pointer, mask.pointer, targets.size);
    const kept = mul(probabilities, mask);
    const rows = perImage ? images : 1;
    const total = (x: Tensor) => reshape(sum(x, perImage ? 2 : [0, 2]), [rows, classes]);
    const labelled = total(label);
    const shared = total(kind === "least" ? least(kept, label) : mul(kept, label));
    const falsePositives = mul(sub(total(kept), shared), alpha);
    const falseNegatives = mul(sub(labelled, shared), beta);
    const above = add(shared, smooth);
    const below = add(add(falsePositives, falseNegatives), above);
    const ratio = oneWhereAbsent(div(above, atLeast(below, eps)), labelled);
    const losses = logLoss ? neg(log(atLeast(ratio, eps))) : sub(1, ratio);
    const reduced = mean ? averaged(losses) : perImage ? averaged(losses, 1) : reshape(losses, [classes]);
    return gamma === 1 ? reduced : pow(reduced, gamma);
  });
}

// the ratio of each class, and 1, which is no loss, for those without a labelled pixel
function oneWhereAbsent(ratio: Tensor, labelled: Tensor): Tensor {
  const rest = Float32Array.from(labelled.data, (n) => (n > 0 ? 0 : 1));
  const presence = tensor(
    rest.map((one) => -one),
    ratio.shape,
  );
  return add(keep(ratio, presence), tensor(rest, ratio.shape));
}

// `x` where `targets` are not void, else 0, whatever stands there: a product with 0 would let NaN through
function keep(x: Tensor, targets: Tensor): Tensor {
  const out = Tensor.empty(x.shape);
  kernels.keep_f32(x.pointer, targets.pointer, out.pointer, x.size);
  return record(out, [x], [targets], (kept) => (upstream) => {
    const gradient = Tensor.empty(x.shape);
    kernels.keep_f32(upstream.pointer, kept.pointer, gradient.pointer, x.size);
    return [gradient];
  });
}

// max(x, least) of each element, whose gradient is 0 where `least` is the larger
function atLeast(x: Tensor, least: number): Tensor {
  const above = x.data.map((value) => (value < least ? 0 : 1));
  const rest = above.map((one) => (one ? 0 : least));
  return add(mul(x, tensor(above, x.shape)), tensor(rest, x.shape));
}

// min(p, t) of each element, as a share of each: (p + t - |p - t|) / 2 would lose the digits of a small p
function least(p: Tensor, t: Tensor): Tensor {
  const [ours, theirs] = [p.data, t.data];
  const share = ours.map((value, i) => (value === theirs[i] ? 0.5 : Number(value < theirs[i])));
  return add(
    mul(p, tensor(share, p.shape)),
    mul(
      t,
      tensor(
        share.map((one) => 1 - one),
        p.shape,
      ),
    ),
  );
}
