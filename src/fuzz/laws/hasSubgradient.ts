import { ask } from "../ask.js";
import { expectSubgradient, type Law } from "./law.js";

/**
 * The gradient, by the values as they are given, is a subgradient of the loss, and 0 in void pixels and classes that do not
 * count. Where errors differ it is the weight of each rank (Edmonds 1970: the greedy vertex of the base polytope). Where they
 * tie, within float32, it is any point of the face there: of any order of the tied pixels, or any mean of orders. At a
 * margin of exactly 1, or a probability that equals its label, the slope of the error is any between those on both sides.
 */
export const hasSubgradient: Law = async (loss, example) => {
  const { grad } = await ask(loss, example);
  expectSubgradient(example, grad);
};
