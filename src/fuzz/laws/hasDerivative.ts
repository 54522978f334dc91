import { ask, LawBroken } from "../ask.js";
import { chance, pick } from "../draw/random.js";
import { counts, type LossCase, type LossUnderTest, SCORES } from "../lossCase.js";
import { derivativeRounding } from "../reference/rounding.js";
import { appliesTo, type Law, randomOf, slackOf, withValues } from "./law.js";

// steps of the logits, each half of the one before; the difference of two halves over a short step is all rounding
const STEPS = { float32: [1 / 2, 1 / 4, 1 / 8], float16: [2, 1, 1 / 2] };

/**
 * Soft scores: the gradient is the derivative of the loss itself, along one pixel, along all of them away from their labels, and along
 * random signs. The central difference of a step h is off by c h^2 + O(h^4), and by the rounding of two values over 2 h. As a score is
 * a ratio of sums of sigmoids, which change by a share of at most 1 in a unit step, c is bounded; the difference between the steps h
 * and h / 2, 3/4 c h^2, estimates it. The law is broken only if the gradient is out of the range of every step, as a loss may
 * have a kink within one: at a lower bound of the denominator, or where probabilities are clamped.
 */
export const hasDerivative: Law = async (loss, example) => {
  appliesTo("hasDerivative", example, SCORES);
  const random = randomOf(example);
  const { labels } = example;
  const valid = Array.from(labels, (_, i) => i).filter((i) => counts(example, i));
  if (valid.length === 0) return;
  const { grad } = await ask(loss, example);
  const one = pick(random, valid);
  const directions = {
    [`pixel ${one}`]: labels.map((_, i) => Number(i === one)),
    "all pixels, away from their labels": labels.map((label, i) => (!counts(example, i) ? 0 : label === 1 ? -1 : 1)),
    "pixels in random directions": labels.map((_, i) => (!counts(example, i) ? 0 : chance(random, 0.5) ? -1 : 1)),
  };
  for (const [name, direction] of Object.entries(directions)) await expectDerivative(loss, example, grad, name, direction);
};

async function expectDerivative(loss: LossUnderTest, example: LossCase, grad: Float64Array, name: string, direction: Int32Array) {
  const size = grad.reduce((sum, derivative, i) => sum + Math.abs(derivative * direction[i]), 0);
  const rounding = derivativeRounding(example) + slackOf(example) * size;
  let [before, came, expected] = [Number.NaN, 0, 0];
  for (const step of STEPS[example.precision ?? "float32"]) {
    const moved = (by: number) =>
      withValues(
        example,
        example.values.map((value, i) => value + by * direction[i]),
      );
    const [up, down] = [moved(step), moved(-step)];
    // by the steps that rounding left
    came = grad.reduce((sum, derivative, i) => sum + derivative * (up.values[i] - down.values[i]), 0) / (2 * step);
    expected = ((await ask(loss, up)).value - (await ask(loss, down)).value) / (2 * step);
    const off = came - expected;
    if (Math.abs(off) <= Math.abs(off - before) + slackOf(example) / step + rounding) return;
    before = off;
  }
  throw new LawBroken(
    `the gradient along ${name} is ${came}, but the loss changes by ${expected} for a step of 1: the gradient is the derivative`,
  );
}
