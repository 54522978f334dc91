import { answerTo, argumentsOf, LawBroken } from "../ask.js";
import type { Law } from "./law.js";

/** A loss is a function: it leaves its values, labels and options as they were, to the bit. */
export const keepsInputs: Law = async (loss, example) => {
  const given = argumentsOf(example);
  const before = argumentsOf(example);
  await answerTo(loss, example, given);
  for (const [i, name] of (["values", "labels"] as const).entries()) {
    const [now, then] = [given[i] as Float32Array, before[i] as Float32Array];
    const at = then.findIndex((entry, k) => !Object.is(entry, now[k]));
    if (now.length !== then.length || at >= 0) throw new LawBroken(`${name}[${at}] was ${then[at]} and is ${now[at]} after the call`);
  }
  const [now, then] = [given, before].map(([, , options]) => JSON.stringify(options));
  if (now !== then) throw new LawBroken(`the options were ${then} and are ${now} after the call`);
};
