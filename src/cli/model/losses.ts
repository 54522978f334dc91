// The names of losses on the command line, and what they stand for.
import {
  binaryCrossEntropy,
  crossEntropy,
  dice,
  focal,
  jaccard,
  lovaszHinge,
  lovaszSigmoid,
  lovaszSoftmax,
  type Tensor,
  tversky,
} from "../../index.js";
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

type Terms = Readonly<Record<string, Criterion>>;

const ignore = VOID;
const binary = { mode: "binary", ignore } as const;
const multiclass = { mode: "multiclass", ignore } as const;

/** The terms that the losses of a binary task are sums of. */
const BINARY: Terms = {
  bce: (logits, labels) => binaryCrossEntropy(logits, labels, { ignore }),
  "lovasz-hinge": (logits, labels) => lovaszHinge(logits, labels, { ignore }),
  "lovasz-sigmoid": (logits, labels) => lovaszSigmoid(logits, labels, { ignore }),
  dice: (logits, labels) => dice(logits, labels, binary),
  jaccard: (logits, labels) => jaccard(logits, labels, binary),
  tversky: (logits, labels) => tversky(logits, labels, binary),
  focal: (logits, labels) => focal(logits, labels, binary),
};

/** The terms that the losses of a task of several classes are sums of. */
const MULTICLASS: Terms = {
  ce: (logits, labels) => crossEntropy(logits, labels, { ignore }),
  "lovasz-softmax": (logits, labels) => lovaszSoftmax(logits, labels, { ignore }),
  dice: (logits, labels) => dice(logits, labels, multiclass),
  jaccard: (logits, labels) => jaccard(logits, labels, multiclass),
  tversky: (logits, labels) => tversky(logits, labels, multiclass),
  focal: (logits, labels) => focal(logits, labels, multiclass),
};

/** What is compared where nothing was asked for: the pixelwise loss, with and without the Lovász loss. */
export function defaultLosses(classes: number | null): string {
  return classes === null ? "bce,bce+lovasz-hinge" : "ce,ce+lovasz-softmax";
}

/** The names of the terms of a loss, for help. */
export const TERMS = { binary: Object.keys(BINARY).join(", "), multiclass: Object.keys(MULTICLASS).join(", ") };

/**
 * Losses from `list`, names joined by commas, each a sum of terms joined by `+`, for a task of `classes` classes (null:
 * foreground and background); throws `WrongCall`. Spaces and capitals are the caller's taste.
 */
export function parseLosses(list: string, classes: number | null): NamedLoss[] {
  const terms = classes === null ? BINARY : MULTICLASS;
  const names = list.split(",").map((name) => name.replace(/\s/g, "").toLowerCase());
  return names.map((name, i) => {
    if (names.indexOf(name) < i) throw new WrongCall(`--loss names ${name} twice; each loss is trained once`);
    const parts = name.split("+").map((part) => {
      if (Object.hasOwn(terms, part)) return terms[part];
      throw new WrongCall(unknown(part, classes));
    });
    return { name, criterion: sum(parts) };
  });
}

function unknown(part: string, classes: number | null): string {
  const known = classes === null ? TERMS.binary : TERMS.multiclass;
  const task = classes === null ? "foreground and background (without --classes)" : "--classes";
  return `--loss does not know ${JSON.stringify(part)} for ${task}; use ${known}, sums such as ${defaultLosses(classes).split(",")[1]}, commas between`;
}

function sum([first, ...rest]: readonly Criterion[]): Criterion {
  return (logits, labels) => rest.reduce((total, term) => total.add(term(logits, labels)), first(logits, labels));
}
