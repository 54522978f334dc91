import { ask } from "../ask.js";
import { drawValues } from "../draw/lossCase.js";
import { SLOPE_ROUNDING } from "../reference/rounding.js";
import { expectAtMost, type Law, randomOf, sizeOf, slackOf, speaksOf, withValues } from "./law.js";

/**
 * Hinge and softmax: at other values the loss is at least what the gradient says of it, loss(x) + gradient (y - x) <= loss(y).
 * That is the definition of a subgradient of a convex function; no reference comes in. The other point is drawn by the salt.
 */
export const liesAboveTangents: Law = async (loss, example) => {
  speaksOf("liesAboveTangents", example, ["hinge", "softmax"]);
  const other = withValues(example, drawValues(randomOf(example), example));
  const [from, to] = [await ask(loss, example), await ask(loss, other)];
  const tangent = from.grad.reduce((sum, slope, i) => sum + slope * (other.values[i] - example.values[i]), from.value);
  const reach = Math.max(sizeOf(example), sizeOf(other));
  const slack = slackOf(example) + slackOf(other) + (2 * example.values.length * SLOPE_ROUNDING + 2 ** -18) * reach;
  expectAtMost(tangent, to.value, slack, "value + gradient times a step", "at the end of the step the loss is at least that");
};
