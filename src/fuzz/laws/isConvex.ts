import { ask } from "../ask.js";
import { drawValues } from "../draw/lossCase.js";
import { numberRounding } from "../reference/rounding.js";
import { appliesTo, expectAtMost, type Law, randomOf, sizeOf, slackOf, withValues } from "./law.js";

/**
 * Hinge and softmax: between two points the loss is at most its chord. The extension is convex, as the Jaccard loss is
 * submodular (Lovász 1983; Yu, Blaschko 2015, proposition 11), and grows with errors that are convex in the values. The salt of
 * the case draws the other point.
 */
export const isConvex: Law = async (loss, example) => {
  appliesTo("isConvex", example, ["hinge", "softmax"]);
  const random = randomOf(example);
  const other = withValues(example, drawValues(random, example));
  const t = random();
  const between = withValues(
    example,
    example.values.map((value, i) => (1 - t) * value + t * other.values[i]),
  );
  const [from, to, came] = [await ask(loss, example), await ask(loss, other), await ask(loss, between)];
  const slack = slackOf(example) + slackOf(other) + slackOf(between) + numberRounding(example) * Math.max(sizeOf(example), sizeOf(other));
  const chord = (1 - t) * from.value + t * to.value;
  expectAtMost(came.value, chord, slack, `value at ${t} of the way to other values`, "the loss is convex");
};
