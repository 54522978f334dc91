// Of the calls that a law makes of a soft score, one that shows that it is wrong, whichever definition it follows.
import { type Asked, ask, LawBroken } from "../../fuzz/ask.js";
import type { LawResult } from "../../fuzz/index.js";
import { slackOf, withValues } from "../../fuzz/laws/law.js";
import { counts, isScore, type LossCase, type LossUnderTest } from "../../fuzz/lossCase.js";
import { scoreBounds } from "../../fuzz/reference/scores.js";
import { callsOf } from "./wrongCall.js";

/** A call, and what holds for its answer. */
export interface WrongScore {
  readonly example: LossCase;
  /** The value is from `least` to `most`. */
  readonly least: number;
  readonly most: number;
  /** The pixels whose derivative is 0. */
  readonly ignored: number[];
  /** Values to both sides, whose losses differ by the gradient times the step, within `slack`; null where that does not show the fault. */
  readonly steps: { readonly up: LossCase; readonly down: LossCase; readonly slack: number } | null;
}

// a step of the logits, by which float32 still tells losses apart
const STEP = 1 / 64;

/** The first call of `law` in its case whose answer no definition has; null where there is none. */
export async function wrongScore({ law, example }: LawResult, loss: LossUnderTest): Promise<WrongScore | null> {
  if (!example || !isScore(example.kind)) return null;
  const calls = await callsOf(law, example, loss);
  for (const call of calls) {
    const right = { ...boundsOf(call), steps: null };
    if (await isWrong(loss, right)) return right;
  }
  if (law !== "hasDerivative" || calls.length < 3) return null;
  // the last two calls are those of a step along which the gradient is wrong
  const [up, down] = calls.slice(-2);
  const steps = stepsAlong(
    example,
    up.values.map((value, i) => Math.sign(value - down.values[i])),
  );
  return (await isOff(loss, example, steps)) ? { ...boundsOf(example), steps } : null;
}

function boundsOf(example: LossCase): Omit<WrongScore, "steps"> {
  const [least, most] = scoreBounds(example);
  const slack = slackOf(example);
  const ignored = Array.from(example.labels, (_, i) => i).filter((i) => !counts(example, i));
  return { example, least: least - slack, most: most + slack, ignored };
}

async function isWrong(loss: LossUnderTest, { example, least, most, ignored }: WrongScore): Promise<boolean> {
  const answer = await answerOf(loss, example);
  return !answer || !(answer.value >= least && answer.value <= most) || ignored.some((i) => answer.grad[i] !== 0);
}

// Both differ by the third derivative times h^3 / 3. As sigmoids change by a share of at most 1 in a unit step, and so do their derivatives, those
// of a ratio of sums are bounded, the third by 26.
function stepsAlong(example: LossCase, direction: Float32Array): NonNullable<WrongScore["steps"]> {
  const moved = (by: number) =>
    withValues(
      example,
      example.values.map((value, i) => value + by * direction[i]),
    );
  return { up: moved(STEP), down: moved(-STEP), slack: 2 * slackOf(example) + (26 / 3) * STEP ** 3 };
}

async function isOff(loss: LossUnderTest, example: LossCase, { up, down, slack }: NonNullable<WrongScore["steps"]>): Promise<boolean> {
  const [at, above, below] = [await answerOf(loss, example), await answerOf(loss, up), await answerOf(loss, down)];
  if (!at || !above || !below) return true;
  const along = at.grad.reduce((sum, derivative, i) => sum + derivative * (up.values[i] - down.values[i]), 0);
  return Math.abs(along - (above.value - below.value)) > slack;
}

async function answerOf(loss: LossUnderTest, example: LossCase): Promise<Asked | null> {
  try {
    return await ask(loss, example);
  } catch (error) {
    if (!(error instanceof LawBroken)) throw error;
    return null;
  }
}
