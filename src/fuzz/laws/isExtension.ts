import { ask } from "../ask.js";
import { LOVASZ } from "../lossCase.js";
import { lossOf } from "../reference/extension.js";
import { termsOf } from "../reference/terms.js";
import { appliesTo, expectNear, type Law, slackOf } from "./law.js";

/**
 * The value is that of the definition: the mean, over images and chosen classes, of the Lovász extension of the Jaccard loss at
 * the errors of the pixels that are not ignored, and 0 if there are none. The errors are max(0, 1 - logit (2 label - 1)) for the hinge,
 * |[label is the class] - probability| otherwise. The extension is Choquet's integral of the set function over the levels of the
 * errors (Lovász 1983; Bach 2013, definition 3.1), so the order of tied errors does not matter.
 *
 * Source: Berman, Rannen Triki, Blaschko (CVPR 2018), equations 8 to 12.
 */
export const isExtension: Law = async (loss, example) => {
  appliesTo("isExtension", example, LOVASZ);
  const { value } = await ask(loss, example);
  const why = "the loss is the Lovász extension of the Jaccard loss at the errors";
  expectNear(value, lossOf(termsOf(example)), slackOf(example), "value", why);
};
