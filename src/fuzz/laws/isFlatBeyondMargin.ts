import { ask } from "../ask.js";
import { appliesTo, expectNear, expectSubgradient, type Law, slackOf, withValues } from "./law.js";

/**
 * Hinge: where every logit is right by a margin of 1, the loss is 0, and its gradient is 0 beyond the margin: the errors are 0,
 * and the extension of a set function that is 0 for the empty set is 0 there. Only the labels and the sizes of the logits of the
 * case are used.
 */
export const isFlatBeyondMargin: Law = async (loss, example) => {
  appliesTo("isFlatBeyondMargin", example, ["hinge"]);
  const { labels } = example;
  const right = withValues(
    example,
    example.values.map((value, i) => (labels[i] === 1 ? 1 : -1) * (1 + Math.abs(value))),
  );
  const { value, grad } = await ask(loss, right);
  expectNear(value, 0, slackOf(right), "value", "every margin is at least 1");
  expectSubgradient(right, grad, "there is no gradient beyond the margin");
};
