// Arbitraries of the inputs of losses, biased towards what breaks losses, and shrunk to few pixels and round numbers.
import type { Arbitrary } from "fast-check";
import { drawLabels } from "./draw/labels.js";
import { drawLogits } from "./draw/logits.js";
import { type CaseSettings, drawLossCase } from "./draw/lossCase.js";
import { drawProbabilities } from "./draw/probabilities.js";
import { drawExtents, drawPlane } from "./draw/shape.js";
import { drawTurn, sizeOfTurn } from "./draw/size.js";
import { drawn } from "./drawn.js";
import type { Kind, LossCase } from "./lossCase.js";
import { casePasses } from "./shrink/lossCase.js";
import { simplerNumbers } from "./shrink/numbers.js";

function* simplerLogits(values: Float32Array): Generator<Float32Array> {
  for (const simple of simplerNumbers) {
    for (const [i, value] of values.entries()) {
      const one = simple(value);
      if (one !== null && !Object.is(Math.fround(one), value)) yield values.with(i, one);
    }
  }
}

function* simplerLabels(labels: Int32Array): Generator<Int32Array> {
  for (const [i, label] of labels.entries()) if (label !== 0) yield labels.with(i, 0);
}

function* simplerShapes(shape: readonly number[], pinned: number): Generator<number[]> {
  for (const [axis, size] of shape.entries()) {
    if (axis === pinned || size === 1) continue;
    yield shape.with(axis, 1);
    if (size > 2) yield shape.with(axis, Math.ceil(size / 2));
    yield shape.with(axis, size - 1);
  }
}

/**
 * Arbitraries for fast-check. `classes` is at least 2.
 *
 * @example
 * ```js
 * import fc from "fast-check";
 * import { arbitraries } from "lovasz/fuzz";
 *
 * const [example] = fc.sample(arbitraries.lossCase("hinge"), { numRuns: 1, seed: 1 });
 * console.log(example.values.length === example.labels.length); // true
 * ```
 */
export const arbitraries = {
  /** The shape of a batch: [B, H, W], with `classes` [B, classes, H, W]. Axes of 1 and sizes at or next to powers of 2 are frequent, up to 2049 pixels. */
  shape: (classes: number | null = null, maxPixels?: number): Arbitrary<number[]> =>
    drawn(
      (random) => {
        const { images, pixels } = drawExtents(random, false, sizeOfTurn(drawTurn(random), maxPixels));
        return [images, ...(classes === null ? [] : [classes]), ...drawPlane(random, pixels)];
      },
      [(shape) => simplerShapes(shape, classes === null ? -1 : 1)],
    ),
  /** `count` float32 logits: tied, nearly tied, apart, near a margin of 1, huge (1e30), tiny (1e-45), -0. */
  logits: (count: number): Arbitrary<Float32Array> => drawn((random) => drawLogits(random, count), [simplerLogits]),
  /** Probabilities [images, classes, pixels] that sum to 1 over classes: soft, tied, nearly tied, hard, tiny. Not shrunk. */
  probabilities: (images: number, classes: number, pixels: number): Arbitrary<Float32Array> =>
    drawn((random) => drawProbabilities(random, images, classes, pixels), []),
  /** Labels of images of `pixels` pixels: mixed, rare and absent classes. With `ignore`, pixels, whole images or batches have that label. */
  labels: (images: number, pixels: number, classes: number, ignore?: number): Arbitrary<Int32Array> =>
    drawn((random) => drawLabels(random, images, pixels, classes, ignore), [simplerLabels]),
  /** A call of a loss: values, labels and options. */
  lossCase: (kind: Kind, settings?: CaseSettings): Arbitrary<LossCase> =>
    drawn((random) => drawLossCase(random, kind, settings), casePasses),
};
