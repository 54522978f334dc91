import { knownOptions } from "../options.js";
import { COUNTER_BYTES } from "../ops/sort.js";
import { tidy } from "../tensor/scope.js";
import type { Tensor } from "../tensor/tensor.js";
import { kernels } from "../wasm/instance.js";
import { scratch } from "../wasm/memory.js";
import { fused, refuseNaN } from "./fused.js";
import { type LossInput, imagesOf, lossInput } from "./input.js";
import { type Labels, withLabels } from "./labels.js";
import { LOSS_OPTIONS, type LossOptions, lossOptions } from "./options.js";

/** `perImage` is true by default, as in the reference implementation. */
export interface LovaszHingeOptions extends LossOptions {}

/**
 * The binary Lovász hinge: logits [B, ...] (a positive one says foreground), as many labels 0 or 1. The Lovász extension of
 * the Jaccard loss at the hinge errors max(0, 1 - logit (2 label - 1)); 0 where every pixel is right by a margin of 1.
 * `reduction: "none"` gives one loss an image, shape [B] ([1] with `perImage: false`).
 *
 * Throws `LovaszError` "shape", "label", "nan" (a logit that is not void) or "option".
 * Source: Yu, Blaschko, "The Lovász hinge" (2015); Berman, Rannen Triki, Blaschko (CVPR 2018), section 3.1.
 */
export function lovaszHinge(logits: LossInput, labels: Labels, options: LovaszHingeOptions = {}): Tensor {
  const call = "lovaszHinge";
  knownOptions(call, options, LOSS_OPTIONS);
  const { perImage, mean } = lossOptions(call, options, true);
  return tidy(() => {
    const input = lossInput(call, logits, options.shape);
    const images = perImage ? imagesOf(input) : 1;
    const n = images === 0 ? 0 : input.size / images;
    return withLabels(call, labels, { count: input.size, classes: 2, ignore: options.ignore }, (classOf) => {
      refuseNaN(call, kernels.firstNaN_f32(input.pointer, classOf, input.size), input.size);
      return fused(input, mean ? [] : [images], (gradient) =>
        scratch([8 * n, 8 * n, COUNTER_BYTES], (records, spare, counters) => {
          const share = mean ? 1 / images : 1;
          const losses = Array.from({ length: images }, (_, i) => {
            const at = 4 * i * n;
            return kernels.lovaszHinge_f32(input.pointer + at, classOf + at, n, share, gradient + at, records, spare, counters);
          });
          return mean ? [losses.reduce((sum, loss) => sum + loss * share, 0)] : losses;
        }),
      );
    });
  });
}
