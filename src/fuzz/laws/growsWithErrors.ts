import { ask } from "../ask.js";
import { chance, pick } from "../draw/random.js";
import { classOf, counts, hasClasses, pixelOf, SCORES } from "../lossCase.js";
import { numberRounding } from "../reference/rounding.js";
import { appliesTo, expectAtMost, type Law, randomOf, sizeOf, slackOf, withValues } from "./law.js";

/**
 * Losses of logits: logits that move away from their labels never lower the loss; of several classes, that of the label falls. The
 * Jaccard loss grows with the set of wrong pixels, and so does its extension with each error (Bach 2013, proposition 3.1). A
 * soft score falls with each error, with plain and with squared probabilities in its denominator, which is at least twice the intersection.
 */
export const growsWithErrors: Law = async (loss, example) => {
  appliesTo("growsWithErrors", example, ["hinge", "softmax-logits", "sigmoid", ...SCORES]);
  const random = randomOf(example);
  const share = pick(random, [0.1, 0.5, 1]);
  const worse = withValues(
    example,
    example.values.map((value, at) => {
      const pixel = pixelOf(example, at);
      const label = example.labels[pixel];
      const isOther = hasClasses(example.kind) && classOf(example, at) !== label;
      if (isOther || !counts(example, pixel) || !chance(random, share)) return value;
      const grows = !hasClasses(example.kind) && label !== 1;
      return value + (grows ? 1 : -1) * random() * 3;
    }),
  );
  const [before, after] = [await ask(loss, example), await ask(loss, worse)];
  const slack = slackOf(example) + slackOf(worse) + numberRounding(example) * sizeOf(example);
  expectAtMost(before.value, after.value, slack, "value", "with logits further from the labels, the loss is not smaller");
};
