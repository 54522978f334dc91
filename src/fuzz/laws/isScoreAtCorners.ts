import { ask } from "../ask.js";
import { chance, pick } from "../draw/random.js";
import { SCORES } from "../lossCase.js";
import { appliesTo, type Law, randomOf, withValues } from "./law.js";
import { expectBetweenScores } from "./liesBetweenScores.js";

// sigmoid(40) is 1 in float32
const SURE = 40;

/**
 * Soft scores: where every probability is 0 or 1 the loss is 1 - score of the counts of right and wrong pixels, within what smoothing up
 * to 1 changes, squared or not. So it is 0 where all pixels are right and some are positive, and where all are wrong it is at least
 * 1 - s / (wrong + s), s the smoothing. Only the labels and options of the case are used.
 */
export const isScoreAtCorners: Law = async (loss, example) => {
  appliesTo("isScoreAtCorners", example, SCORES);
  const random = randomOf(example);
  // how many of the negatives and positives are right
  const shares = [0, 1].map(() => pick(random, [0, 1, 1, random()]));
  const corner = withValues(
    example,
    Float32Array.from(example.labels, (label) => ((label === 1) === chance(random, shares[Number(label === 1)]) ? SURE : -SURE)),
  );
  const { value } = await ask(loss, corner);
  expectBetweenScores(corner, value);
};
