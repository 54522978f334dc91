import { ask } from "../ask.js";
import { chance, pick } from "../draw/random.js";
import { counts } from "../lossCase.js";
import { appliesTo, expectAtMost, type Law, randomOf, sizeOf, slackOf, withValues } from "./law.js";

/**
 * Hinge and sigmoid: logits that move away from their labels never lower the loss. The Jaccard loss grows with the set of
 * wrong pixels, and so does its extension with each error (Bach 2013, proposition 3.1).
 */
export const growsWithErrors: Law = async (loss, example) => {
  appliesTo("growsWithErrors", example, ["hinge", "sigmoid"]);
  const random = randomOf(example);
  const share = pick(random, [0.1, 0.5, 1]);
  const worse = withValues(
    example,
    example.values.map((value, i) => {
      if (!counts(example, i) || !chance(random, share)) return value;
      return value + (example.labels[i] === 1 ? -1 : 1) * random() * 3;
    }),
  );
  const [before, after] = [await ask(loss, example), await ask(loss, worse)];
  const slack = slackOf(example) + slackOf(worse) + 2 ** -22 * sizeOf(example);
  expectAtMost(before.value, after.value, slack, "value", "with logits further from the labels, the loss is not smaller");
};
