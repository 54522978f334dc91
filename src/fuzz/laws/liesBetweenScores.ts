import { ask } from "../ask.js";
import { type LossCase, SCORES } from "../lossCase.js";
import { scoreBounds } from "../reference/scores.js";
import { appliesTo, expectAtMost, expectNear, type Law, slackOf } from "./law.js";

/**
 * Soft scores: the loss lies between the least and the most of the definitions in use, with plain or squared probabilities, with or
 * without smoothing; see reference/scores.ts. So it is from 0 to 1, even where no pixel is positive or all are ignored.
 */
export const liesBetweenScores: Law = async (loss, example) => {
  appliesTo("liesBetweenScores", example, SCORES);
  const { value } = await ask(loss, example);
  expectBetweenScores(example, value);
};

/** Throws unless `value` is within the bounds of the loss of `example`. */
export function expectBetweenScores(example: LossCase, value: number): void {
  const [least, most] = scoreBounds(example);
  const why = `with any smoothing up to 1 the loss is from ${least} to ${most}`;
  if (most - least < 1e-12) expectNear(value, most, slackOf(example), "value", why);
  expectAtMost(value, most, slackOf(example), "value", why);
  expectAtMost(-value, -least, slackOf(example), "-value", why);
}
