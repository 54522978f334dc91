import { ask } from "../ask.js";
import { between, shuffled } from "../draw/random.js";
import { extentsOf, type LossCase } from "../lossCase.js";
import { lossOf } from "../reference/extension.js";
import { termsOf } from "../reference/terms.js";
import { appliesTo, expectNear, expectSubgradient, type Law, randomOf, slackOf } from "./law.js";

/**
 * Softmax, of probabilities or logits: with a list as `classes`, the loss is the mean over those classes, present or not. A correct loss may
 * accept no lists; those of this package keep the law. The salt of the case draws the list.
 */
export const takesClassLists: Law = async (loss, example) => {
  appliesTo("takesClassLists", example, ["softmax", "softmax-logits"]);
  const random = randomOf(example);
  const { classes } = extentsOf(example);
  const list = shuffled(random, classes).slice(0, between(random, 1, classes));
  const listed: LossCase = { ...example, options: { ...example.options, classes: list } };
  const { value, grad } = await ask(loss, listed);
  expectNear(value, lossOf(termsOf(listed)), slackOf(listed), `value of the classes ${list.join(", ")}`, "the loss is their mean");
  expectSubgradient(listed, grad);
};
