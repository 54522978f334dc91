import { ask } from "../ask.js";
import { drawLossCase, drawValues } from "../draw/lossCase.js";
import { expectNear, expectSameSubgradient, type Law, randomOf, slackOf, withValues } from "./law.js";

/**
 * A loss is a function: the same call has the same value after calls with other values, and with another shape. (The
 * gradient may be another subgradient, as the order of ties may be random.)
 */
export const keepsNoState: Law = async (loss, example) => {
  const random = randomOf(example);
  const first = await ask(loss, example);
  await ask(loss, withValues(example, drawValues(random, example)));
  const { kind, needs, classes, precision } = example;
  if (example.salt % 2 === 0) await ask(loss, drawLossCase(random, kind, { honours: [], maxPixels: 40, needs, classes, precision }));
  const again = await ask(loss, example);
  const why = "the same call after others has the same value";
  expectNear(again.value, first.value, 2 * slackOf(example), "value", why);
  expectSameSubgradient(example, again.grad, first.grad, "the same call after others has the same gradient, or another subgradient");
};
