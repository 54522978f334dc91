// The names of losses on the command line, and what they stand for.
import { binaryCrossEntropy, dice, jaccard, lovaszHinge, type Tensor } from "../../index.js";
import { VOID } from "../data/pictures.js";
import { WrongCall } from "../exits.js";

/** A loss of logits and labels, in which VOID pixels count for nothing. */
export type Criterion = (logits: Tensor, labels: Uint8Array) => Tensor;

/** A loss as it was asked for. */
export interface NamedLoss {
  /** For example `bce+lovasz-hinge`: also the name of its files. */
  readonly name: string;
  readonly criterion: Criterion;
}

const ignore = VOID;

/** The terms that the losses of a binary task are sums of. */
export const binaryTerms: Readonly<Record<string, Criterion>> = {
  bce: (logits, labels) => binaryCrossEntropy(logits, labels, { ignore }),
  "lovasz-hinge": (logits, labels) => lovaszHinge(logits, labels, { ignore }),
  dice: (logits, labels) => dice(logits, labels, { mode: "binary", ignore }),
  jaccard: (logits, labels) => jaccard(logits, labels, { mode: "binary", ignore }),
};

/** Losses from `list`, names joined by commas, each a sum of `terms` joined by `+`; throws `WrongCall`. */
export function parseLosses(list: string, terms: Readonly<Record<string, Criterion>>): NamedLoss[] {
  const known = Object.keys(terms).join(", ");
  const names = list.split(",").map((name) => name.trim());
  return names.map((name, i) => {
    if (names.indexOf(name) < i) throw new WrongCall(`--loss names ${name} twice; each loss is trained once`);
    const parts = name.split("+").map((part) => {
      if (Object.hasOwn(terms, part)) return terms[part];
      throw new WrongCall(
        `--loss does not know ${JSON.stringify(part)}; use ${known}, or sums such as bce+lovasz-hinge, separated by commas`,
      );
    });
    return { name, criterion: sum(parts) };
  });
}

function sum([first, ...rest]: readonly Criterion[]): Criterion {
  return (logits, labels) => rest.reduce((total, term) => total.add(term(logits, labels)), first(logits, labels));
}
