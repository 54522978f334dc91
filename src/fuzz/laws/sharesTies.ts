import { ask, LawBroken } from "../ask.js";
import { LOVASZ, pixelOf } from "../lossCase.js";
import { rowsOf } from "../reference/softmax.js";
import { termsOf } from "../reference/terms.js";
import { appliesTo, type Law } from "./law.js";

/**
 * Pixels of equal value and label (for logits of a softmax: all values) have, to the bit, equal gradients, so the order of ties does not show. A correct loss
 * may break it, as each order of tied errors has a subgradient of its own. The losses of this package keep it.
 */
export const sharesTies: Law = async (loss, example) => {
  appliesTo("sharesTies", example, LOVASZ);
  const { grad } = await ask(loss, example);
  const rows = example.kind === "softmax-logits" ? rowsOf(example) : null;
  // 0 and -0 are one value
  const valuesOf = (i: number) => (rows ? rows[pixelOf(example, i)] : [i]).map((at) => example.values[at] + 0);
  for (const { at, foreground } of termsOf(example)) {
    const seen = new Map<string, number>();
    at.forEach((i, k) => {
      const key = `${valuesOf(i)} ${rows ? example.labels[pixelOf(example, i)] : foreground[k]}`;
      const other = seen.get(key) ?? i;
      seen.set(key, other);
      if (grad[i] === grad[other]) return;
      throw new LawBroken(`grad[${i}] is ${grad[i]}, but grad[${other}] is ${grad[other]}: equal values and labels share their gradient`);
    });
  }
};
