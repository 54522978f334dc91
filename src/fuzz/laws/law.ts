// What laws share: comparison within rounding, and cases derived from others.
import { LovaszError } from "../../errors.js";
import { uniform } from "../../random.js";
import { type Asked, LawBroken } from "../ask.js";
import type { Random } from "../draw/random.js";
import { classOf, counts, extentsOf, hasClasses, isScore, type Kind, type LossCase, type LossUnderTest, pixelOf } from "../lossCase.js";
import { heldValues } from "../precision.js";
import { logitGradientFault } from "../reference/logitGradient.js";
import { derivativeRounding, scoreGradientRounding, scoreRounding, valueRounding } from "../reference/rounding.js";
import { subgradientFault } from "../reference/subgradient.js";
import { termsOf } from "../reference/terms.js";

/** A statement that holds for every correct loss in every case: resolves if it holds for `loss` in `example`, else throws `LawBroken`. */
export type Law = (loss: LossUnderTest, example: LossCase) => Promise<void>;

/** Throws unless a law applies to the kind of `example`. */
export function appliesTo(law: string, { kind }: LossCase, kinds: readonly Kind[]): void {
  if (!kinds.includes(kind)) throw new LovaszError("option", `${law} is no law of kind "${kind}", only of ${kinds.join(" and ")}`);
}

/** The random numbers of `example`. */
export const randomOf = ({ salt }: LossCase): Random => uniform(salt);

/** `example` with other values, rounded to what its loss gets. */
export const withValues = (example: LossCase, values: Float32Array): LossCase => ({
  ...example,
  values: heldValues(example.precision, values),
});

/** How far the value of `example` may be off, see valueRounding and scoreRounding. */
export const slackOf = (example: LossCase): number =>
  isScore(example.kind) ? scoreRounding(example, example.labels.length) : valueRounding(example, termsOf(example));

/** The largest absolute value of the pixels that are not ignored, at least 1: rounding of the values is relative to it. */
export function sizeOf(example: LossCase): number {
  // a score depends on the values through a sigmoid, which grows with them
  if (isScore(example.kind)) return 1;
  return termsOf(example).reduce((most, { at }) => at.reduce((size, i) => Math.max(size, Math.abs(example.values[i])), most), 1);
}

/** Throws unless two values are within `slack`. */
export function expectNear(came: number, expected: number, slack: number, what: string, why: string): void {
  if (Math.abs(came - expected) <= slack) return;
  throw new LawBroken(`${what} is ${came}, expected ${expected} within ${slack.toExponential(1)}: ${why}`);
}

/** Throws unless `came` is at most `bound`, within `slack`. */
export function expectAtMost(came: number, bound: number, slack: number, what: string, why: string): void {
  if (came <= bound + slack) return;
  throw new LawBroken(`${what} is ${came}, expected at most ${bound} within ${slack.toExponential(1)}: ${why}`);
}

/** Throws unless `grad` is a subgradient of the loss of `example`, and 0 for values that the loss leaves out. */
export function expectSubgradient(example: LossCase, grad: Asked["grad"], what = "the gradient is a subgradient of the loss"): void {
  const terms = termsOf(example);
  const isOfLogits = example.kind === "softmax-logits";
  const used = new Uint8Array(grad.length);
  for (const { at } of terms) for (const i of at) used[i] = 1;
  // the probability of a class depends on the logits of all
  const isUsed = (at: number) => (isOfLogits ? counts(example, pixelOf(example, at)) : used[at] === 1);
  const stray = grad.findIndex((derivative, at) => derivative !== 0 && !isUsed(at));
  if (stray >= 0) {
    throw new LawBroken(`grad[${stray}] is ${grad[stray]}, expected 0: the loss leaves out ${nameOf(example, stray)}`);
  }
  const faults = isOfLogits ? [logitGradientFault(example, terms, grad)] : terms.map((term) => subgradientFault(example, term, grad));
  for (const fault of faults) if (fault) throw new LawBroken(`${fault}: ${what}`);
}

/**
 * Throws unless `grad` is `first` within rounding, or another subgradient of the loss of `example`, of which there may be several where
 * errors tie. Another law checks that `first` is a subgradient.
 */
export function expectSameSubgradient(example: LossCase, grad: Asked["grad"], first: Asked["grad"], what: string): void {
  if (isScore(example.kind)) {
    // there is just one
    const largest = first.reduce((most, derivative) => Math.max(most, Math.abs(derivative)), 0);
    const slack = scoreGradientRounding(example) + 2 * slackOf(example) * largest;
    first.forEach((derivative, at) => {
      expectNear(grad[at], derivative, slack, `grad[${at}]`, what);
    });
    return;
  }
  if (grad.some((derivative, i) => Math.abs(derivative - first[i]) > 2 * derivativeRounding(example)))
    expectSubgradient(example, grad, what);
}

function nameOf(example: LossCase, at: number): string {
  const pixel = pixelOf(example, at);
  return counts(example, pixel) ? `class ${classOf(example, at)}` : `pixel ${pixel}, which is ignored`;
}

/** The case whose pixel i is pixel `from[i]` of `example`, in `images` images. */
export function rearranged(example: LossCase, from: readonly number[], images: number): LossCase {
  const { classes, pixels } = extentsOf(example);
  const count = from.length / images;
  const values = new Float32Array(from.length * classes);
  sourceOffsets(from, images, classes, pixels).forEach((offset, i) => {
    values[i] = example.values[offset];
  });
  const axes = hasClasses(example.kind) ? [images, classes] : [images];
  return {
    ...example,
    values,
    labels: Int32Array.from(from, (i) => example.labels[i]),
    options: { ...example.options, shape: [...axes, 1, count] },
  };
}

/** For each value of a rearranged case, its offset in the values of the original, whose images have `pixels` pixels. */
export function sourceOffsets(from: readonly number[], images: number, classes: number, pixels: number): number[] {
  const count = from.length / images;
  return Array.from({ length: from.length * classes }, (_, i) => {
    const [image, c] = [Math.floor(i / (count * classes)), Math.floor(i / count) % classes];
    const pixel = from[image * count + (i % count)];
    return (Math.floor(pixel / pixels) * classes + c) * pixels + (pixel % pixels);
  });
}
