import { ask } from "../ask.js";
import { pick } from "../draw/random.js";
import { rowsOf } from "../reference/softmax.js";
import { appliesTo, expectNear, expectSameSubgradient, type Law, randomOf, slackOf, withValues } from "./law.js";

// of larger logits, the rounding of their sums would change more than the rounding of a loss
const LARGEST = { float32: 1000, float16: 8 };

/**
 * Softmax of logits: one number added to all logits of a pixel, for each pixel another, changes neither value nor gradient, because
 * softmax(x + s) = softmax(x). Pixels with a logit beyond 1000 (float16: 8) stay as they are.
 */
export const ignoresShift: Law = async (loss, example) => {
  appliesTo("ignoresShift", example, ["softmax-logits"]);
  const random = randomOf(example);
  const largest = LARGEST[example.precision ?? "float32"];
  const reach = Math.min(pick(random, [1, 30, 1000]), largest);
  const values = example.values.slice();
  for (const row of rowsOf(example)) {
    const shift = reach * (2 * random() - 1);
    if (row.every((at) => Math.abs(values[at]) <= largest)) for (const at of row) values[at] += shift;
  }
  const shifted = withValues(example, values);
  const [first, second] = [await ask(loss, example), await ask(loss, shifted)];
  const why = "the softmax of logits depends only on their differences";
  expectNear(second.value, first.value, slackOf(example) + slackOf(shifted), "value with shifted logits", why);
  expectSameSubgradient(shifted, second.grad, first.grad, "the gradient is the same, or another subgradient");
};
