import { ask } from "../ask.js";
import type { Law } from "./law.js";

/**
 * A loss returns one finite value and a gradient of one finite number for each of the values, whatever the values: the
 * extension of a bounded set function is finite at finite errors, and its partial derivatives are at most 1.
 */
export const answersNumbers: Law = async (loss, example) => {
  await ask(loss, example);
};
