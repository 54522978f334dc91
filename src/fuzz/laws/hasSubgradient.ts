import { ask } from "../ask.js";
import { LOVASZ } from "../lossCase.js";
import { appliesTo, expectSubgradient, type Law } from "./law.js";

/**
 * The gradient with respect to the given values is a subgradient of the loss, and 0 in ignored pixels and in classes that the loss
 * leaves out. Where errors differ it is the weight of each rank (Edmonds 1970: the greedy vertex of the base polytope). Where they
 * tie, within float32, it may be any point of the face there: the gradient of any order of the tied pixels, or a mean of such.
 * For logits of a softmax the set is the image of that face under the Jacobian; see reference/logitGradient.ts.
 * At a margin of exactly 1, or a probability that equals its label, the derivative of the error may be any between those of both sides.
 */
export const hasSubgradient: Law = async (loss, example) => {
  appliesTo("hasSubgradient", example, LOVASZ);
  const { grad } = await ask(loss, example);
  expectSubgradient(example, grad);
};
