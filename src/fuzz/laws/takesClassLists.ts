import { ask } from "../ask.js";
import { between, shuffled } from "../draw/random.js";
import { extentsOf, type LossCase } from "../lossCase.js";
import { lossOf } from "../reference/extension.js";
import { termsOf } from "../reference/terms.js";
import { expectNear, expectSubgradient, type Law, randomOf, slackOf, speaksOf } from "./law.js";

/**
 * Softmax: with a list as `classes`, the loss is the mean over those classes, present or not. No law of every right loss; those
 * of this package keep it. The list is drawn by the salt of the case.
 */
export const takesClassLists: Law = async (loss, example) => {
  speaksOf("takesClassLists", example, ["softmax"]);
  const random = randomOf(example);
  const { classes } = extentsOf(example);
  const list = shuffled(random, classes).slice(0, between(random, 1, classes));
  const listed: LossCase = { ...example, options: { ...example.options, classes: list } };
  const { value, grad } = await ask(loss, listed);
  expectNear(value, lossOf(termsOf(listed)), slackOf(listed), `value of the classes ${list.join(", ")}`, "the loss is their mean");
  expectSubgradient(listed, grad);
};
