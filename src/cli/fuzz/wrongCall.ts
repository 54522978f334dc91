// Of the calls that a law makes, one that the loss answers wrong.
import { type Asked, ask, LawBroken } from "../../fuzz/ask.js";
import type { LawResult } from "../../fuzz/index.js";
import { laws } from "../../fuzz/index.js";
import { expectSubgradient, slackOf } from "../../fuzz/laws/law.js";
import { isScore, type LossCase, type LossUnderTest } from "../../fuzz/lossCase.js";
import { type DerivativeBounds, derivativeBounds } from "../../fuzz/reference/derivativeBounds.js";
import { lossOf } from "../../fuzz/reference/extension.js";
import { termsOf } from "../../fuzz/reference/terms.js";

/** A call, and its right answer. */
export interface WrongCall {
  readonly example: LossCase;
  readonly value: number;
  /** How far off a value may be. */
  readonly slack: number;
  readonly bounds: DerivativeBounds;
}

/** How far off a derivative may be. */
export const DERIVATIVE_SLACK = 1e-5;

/**
 * The first call that `law` makes of `loss` in its case whose answer is not the definition's; null where all are right, as of a loss that keeps a
 * state, or where only a sum of derivatives tells.
 */
export async function wrongCall({ law, example }: LawResult, loss: LossUnderTest): Promise<WrongCall | null> {
  // a soft score has no definition that all agree on
  if (!example || isScore(example.kind)) return null;
  const calls: LossCase[] = [];
  const recording: LossUnderTest = (values, labels, options) => {
    calls.push({ ...example, values: values.slice(), labels: labels.slice(), options: structuredClone(options) });
    return loss(values, labels, options);
  };
  await laws[law](recording, example).catch(() => {});
  for (const call of calls) {
    const right = { example: call, value: lossOf(termsOf(call)), slack: slackOf(call), bounds: derivativeBounds(call) };
    if (await isWrong(loss, right)) return right;
  }
  return null;
}

async function isWrong(loss: LossUnderTest, { example, value, slack, bounds }: WrongCall): Promise<boolean> {
  let answer: Asked;
  try {
    answer = await ask(loss, example);
    expectSubgradient(example, answer.grad);
  } catch (error) {
    if (!(error instanceof LawBroken)) throw error;
    answer ??= { value: Number.NaN, grad: new Float64Array(bounds.least.length).fill(Number.NaN) };
  }
  const isOff = (derivative: number, i: number) =>
    !(derivative >= bounds.least[i] - DERIVATIVE_SLACK && derivative <= bounds.most[i] + DERIVATIVE_SLACK);
  return !(Math.abs(answer.value - value) <= slack) || answer.grad.some(isOff);
}
