// Of the calls that a law makes, one that the loss answers wrong.
import { type Asked, ask, LawBroken } from "../../fuzz/ask.js";
import type { LawName, LawResult } from "../../fuzz/index.js";
import { laws } from "../../fuzz/index.js";
import { expectSubgradient, slackOf } from "../../fuzz/laws/law.js";
import { isScore, type LossCase, type LossUnderTest } from "../../fuzz/lossCase.js";
import { type DerivativeBounds, derivativeBounds } from "../../fuzz/reference/derivativeBounds.js";
import { lossOf } from "../../fuzz/reference/extension.js";
import { derivativeRounding, errorDerivativeRounding } from "../../fuzz/reference/rounding.js";
import { termsOf } from "../../fuzz/reference/terms.js";

/** A call, and its right answer. */
export interface WrongCall {
  readonly example: LossCase;
  readonly value: number;
  /** How far off the value and a derivative may be. */
  readonly slack: number;
  readonly derivativeSlack: number;
  readonly bounds: DerivativeBounds;
}

/**
 * The first call that `law` makes of `loss` in its case whose answer is not the definition's; null where all are right, as of a loss that keeps a
 * state, or where only a sum of derivatives tells.
 */
export async function wrongCall({ law, example }: LawResult, loss: LossUnderTest): Promise<WrongCall | null> {
  // a soft score has no definition that all agree on
  if (!example || isScore(example.kind)) return null;
  const derivativeSlack = Math.max(1e-5, derivativeRounding(example) + errorDerivativeRounding(example));
  for (const call of await callsOf(law, example, loss)) {
    const right = { example: call, value: lossOf(termsOf(call)), slack: slackOf(call), derivativeSlack, bounds: derivativeBounds(call) };
    if (await isWrong(loss, right)) return right;
  }
  return null;
}

/** The calls that `law` makes of `loss` in `example`. */
export async function callsOf(law: LawName, example: LossCase, loss: LossUnderTest): Promise<LossCase[]> {
  const calls: LossCase[] = [];
  const recording: LossUnderTest = (values, labels, options) => {
    calls.push({ ...example, values: values.slice(), labels: labels.slice(), options: structuredClone(options) });
    return loss(values, labels, options);
  };
  await laws[law](recording, example).catch(() => {});
  return calls;
}

async function isWrong(loss: LossUnderTest, { example, value, slack, derivativeSlack, bounds }: WrongCall): Promise<boolean> {
  let answer: Asked;
  try {
    answer = await ask(loss, example);
    expectSubgradient(example, answer.grad);
  } catch (error) {
    if (!(error instanceof LawBroken)) throw error;
    answer ??= { value: Number.NaN, grad: new Float64Array(bounds.least.length).fill(Number.NaN) };
  }
  const isOff = (derivative: number, i: number) =>
    !(derivative >= bounds.least[i] - derivativeSlack && derivative <= bounds.most[i] + derivativeSlack);
  return !(Math.abs(answer.value - value) <= slack) || answer.grad.some(isOff);
}
