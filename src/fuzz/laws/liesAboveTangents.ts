import { ask } from "../ask.js";
import { drawValues } from "../draw/lossCase.js";
import { derivativeRounding } from "../reference/rounding.js";
import { appliesTo, expectAtMost, type Law, randomOf, sizeOf, slackOf, withValues } from "./law.js";

/**
 * Hinge and softmax: the loss lies on or above its tangents, loss(x) + gradient (y - x) <= loss(y). That is the definition of a
 * subgradient of a convex function, and needs no reference. The salt of the case draws the other point.
 */
export const liesAboveTangents: Law = async (loss, example) => {
  appliesTo("liesAboveTangents", example, ["hinge", "softmax"]);
  const other = withValues(example, drawValues(randomOf(example), example));
  const [from, to] = [await ask(loss, example), await ask(loss, other)];
  const tangent = from.grad.reduce((sum, derivative, i) => sum + derivative * (other.values[i] - example.values[i]), from.value);
  const reach = Math.max(sizeOf(example), sizeOf(other));
  const slack = slackOf(example) + slackOf(other) + (2 * example.values.length + 1) * derivativeRounding(example) * reach;
  expectAtMost(tangent, to.value, slack, "value + gradient times a step", "a convex loss lies on or above its tangents");
};
