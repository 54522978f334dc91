// The terms whose sum a loss is: the pixels of each, and the errors of their values.
import { classesOf, counts, extentsOf, hasClasses, isPerImage, type LossCase } from "../lossCase.js";
import { errorRounding } from "./rounding.js";
import { type Softmax, softmaxOf } from "./softmax.js";
import type { Term } from "./term.js";

/** The classes that the loss averages for these `pixels`, which are not ignored; none without pixels, whatever `classes` says. */
export function chosenClasses(example: LossCase, pixels: readonly number[], classes: number): number[] {
  const { labels } = example;
  const which = classesOf(example);
  const present = new Set(pixels.map((i) => labels[i]));
  if (present.size === 0) return [];
  if (typeof which === "object") return [...which];
  return Array.from({ length: classes }, (_, c) => c).filter((c) => which === "all" || present.has(c));
}

/** The pixels that are not ignored: those of each image where images have losses of their own, else all. */
export function groupsOf(example: LossCase): number[][] {
  const { images, pixels } = extentsOf(example);
  const all = Array.from(example.labels, (_, i) => i);
  const groups = isPerImage(example) ? Array.from({ length: images }, (_, b) => all.slice(b * pixels, (b + 1) * pixels)) : [all];
  return groups.map((group) => group.filter((i) => counts(example, i)));
}

/** The terms whose sum the loss of `example` is. */
export function termsOf(example: LossCase): Term[] {
  const { classes, pixels } = extentsOf(example);
  const groups = groupsOf(example);
  const softmax = example.kind === "softmax-logits" ? softmaxOf(example) : undefined;
  return groups.flatMap((group) => {
    if (!hasClasses(example.kind)) return [term(example, group, group, 1, 1 / groups.length)];
    const chosen = chosenClasses(example, group, classes);
    return chosen.map((c) => {
      const at = group.map((i) => (Math.floor(i / pixels) * classes + c) * pixels + (i % pixels));
      return term(example, group, at, c, 1 / (groups.length * chosen.length), softmax);
    });
  });
}

function term(example: LossCase, group: readonly number[], at: readonly number[], label: number, share: number, softmax?: Softmax): Term {
  const { kind, values, labels } = example;
  const n = group.length;
  const foreground = Uint8Array.from(group, (i) => Number(labels[i] === label));
  const [errors, rounding, derivatives] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  const [least, most] = [new Int8Array(n).fill(1), new Int8Array(n).fill(1)];
  const kink = errorRounding(example, 0);
  for (let k = 0; k < n; k++) {
    const value = values[at[k]];
    const sign = foreground[k] ? 1 : -1;
    if (kind === "sigmoid") {
      // |label - sigmoid|, without taking it from 1
      errors[k] = 1 / (1 + Math.exp(sign * value));
      rounding[k] = errorRounding(example, errors[k]);
      derivatives[k] = -sign * errors[k] * (1 - errors[k]);
      continue;
    }
    const p = softmax ? softmax.probabilities[at[k]] : value;
    const error = kind === "hinge" ? 1 - sign * value : Math.abs(foreground[k] - p);
    errors[k] = Math.max(0, error);
    rounding[k] = errorRounding(example, errors[k]) + (softmax ? softmax.rounding[at[k]] * p : 0);
    derivatives[k] = -sign;
    if (Math.abs(error) <= kink) least[k] = kind === "hinge" ? 0 : -1;
    else if (error < 0) least[k] = most[k] = 0;
  }
  return { share, at: Int32Array.from(at), foreground, errors, rounding, derivatives, least, most };
}
