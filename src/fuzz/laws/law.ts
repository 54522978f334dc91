// What laws share: comparison within rounding, and cases made of others.
import { LovaszError } from "../../errors.js";
import { uniform } from "../../random.js";
import { type Asked, LawBroken } from "../ask.js";
import type { Random } from "../draw/random.js";
import { extentsOf, type Kind, type LossCase, type LossUnderTest } from "../lossCase.js";
import { SLOPE_ROUNDING, valueRounding } from "../reference/rounding.js";
import { subgradientFault } from "../reference/subgradient.js";
import { termsOf } from "../reference/terms.js";

/** A statement that every right loss makes true in every case: resolves if `loss` does in `example`, throws `LawBroken` if not. */
export type Law = (loss: LossUnderTest, example: LossCase) => Promise<void>;

/** Throws unless a law speaks of the kind of `example`. */
export function speaksOf(law: string, { kind }: LossCase, kinds: readonly Kind[]): void {
  if (!kinds.includes(kind)) throw new LovaszError("option", `${law} is no law of kind "${kind}", only of ${kinds.join(" and ")}`);
}

/** The random numbers of `example`. */
export const randomOf = ({ salt }: LossCase): Random => uniform(salt);

/** `example` with other values. */
export const withValues = (example: LossCase, values: Float32Array): LossCase => ({ ...example, values });

/** How far the value of `example` may be off, see valueRounding. */
export const slackOf = (example: LossCase): number => valueRounding(example.kind, termsOf(example));

/** The greatest size among the values that count, at least 1: what rounding of the values is a share of. */
export function sizeOf(example: LossCase): number {
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

/** Throws unless `grad` is a subgradient of the loss of `example`, and 0 where values do not count. */
export function expectSubgradient(example: LossCase, grad: Asked["grad"], what = "the gradient is a subgradient of the loss"): void {
  const terms = termsOf(example);
  const used = new Uint8Array(grad.length);
  for (const { at } of terms) for (const i of at) used[i] = 1;
  const stray = grad.findIndex((slope, i) => slope !== 0 && used[i] === 0);
  if (stray >= 0) {
    throw new LawBroken(`grad[${stray}] is ${grad[stray]}, expected 0: ${nameOf(example, stray)} does not count`);
  }
  for (const term of terms) {
    const fault = subgradientFault(example.kind, term, grad);
    if (fault) throw new LawBroken(`${fault}: ${what}`);
  }
}

/**
 * Throws unless `grad` is `first`, but for rounding, or another subgradient of the loss of `example`, as there may be where errors
 * tie. That `first` is a subgradient is another law.
 */
export function expectSameSubgradient(example: LossCase, grad: Asked["grad"], first: Asked["grad"], what: string): void {
  if (grad.some((slope, i) => Math.abs(slope - first[i]) > 2 * SLOPE_ROUNDING)) expectSubgradient(example, grad, what);
}

function nameOf(example: LossCase, at: number): string {
  const { classes, pixels } = extentsOf(example);
  const pixel = Math.floor(at / (pixels * classes)) * pixels + (at % pixels);
  const isVoid = example.labels[pixel] === example.options.ignore;
  return isVoid ? `pixel ${pixel}, which is void,` : `class ${Math.floor(at / pixels) % classes}`;
}

/** The case whose pixel i is pixel `from[i]` of `example`, in `images` images. */
export function rearranged(example: LossCase, from: readonly number[], images: number): LossCase {
  const { classes, pixels } = extentsOf(example);
  const count = from.length / images;
  const values = new Float32Array(from.length * classes);
  places(from, images, classes, pixels).forEach((place, i) => {
    values[i] = example.values[place];
  });
  const axes = example.kind === "softmax" ? [images, classes] : [images];
  return {
    ...example,
    values,
    labels: Int32Array.from(from, (i) => example.labels[i]),
    options: { ...example.options, shape: [...axes, 1, count] },
  };
}

/** Where in the values of a case, which has images of `pixels`, the values of a rearranged one are. */
export function places(from: readonly number[], images: number, classes: number, pixels: number): number[] {
  const count = from.length / images;
  return Array.from({ length: from.length * classes }, (_, i) => {
    const [image, c] = [Math.floor(i / (count * classes)), Math.floor(i / count) % classes];
    const pixel = from[image * count + (i % count)];
    return (Math.floor(pixel / pixels) * classes + c) * pixels + (pixel % pixels);
  });
}
