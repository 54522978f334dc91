import { ask } from "../ask.js";
import { lossOf } from "../reference/extension.js";
import { termsOf } from "../reference/terms.js";
import { expectNear, type Law, slackOf } from "./law.js";

/**
 * The value is that of the definition: the mean, over images and classes that count, of the Lovász extension of the Jaccard
 * loss at the errors of the pixels that count; of none 0. The errors are max(0, 1 - logit (2 label - 1)) for the hinge,
 * |[label is the class] - probability| else. The extension is Choquet's integral of the set function over the levels of the
 * errors (Lovász 1983; Bach 2013, definition 3.1), so that the order of tied errors is no part of it.
 *
 * Source: Berman, Rannen Triki, Blaschko (CVPR 2018), equations 8 to 12.
 */
export const isExtension: Law = async (loss, example) => {
  const { value } = await ask(loss, example);
  const why = "the loss is the Lovász extension of the Jaccard loss at the errors";
  expectNear(value, lossOf(termsOf(example)), slackOf(example), "value", why);
};
