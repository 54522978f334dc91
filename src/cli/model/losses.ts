// The names of losses on the command line, and what they stand for.
import {
  binaryCrossEntropy,
  crossEntropy,
  type Device,
  dice,
  focal,
  jaccard,
  type Loss,
  lovaszHinge,
  lovaszSigmoid,
  lovaszSoftmax,
  type Tensor,
  tversky,
} from "../../index.js";
import { IGNORED } from "../../model/ignored.js";
import { WrongCall } from "../exits.js";

/** A loss of logits and labels on a device, which leaves out pixels labelled IGNORED. */
export type Criterion = (logits: Tensor, labels: Uint8Array, device: Device) => Promise<Tensor>;

/** A loss as it was asked for. */
export interface NamedLoss {
  /** For example `bce+lovasz-hinge`: also the name of its files. */
  readonly name: string;
  readonly criterion: Criterion;
}

type Terms = Readonly<Record<string, Criterion>>;

const on =
  <Options extends object>(loss: Loss<Options>, options: Options): Criterion =>
  (logits, labels, device) =>
    device.loss(loss, logits, labels, options);

const ignore = IGNORED;
const binary = { mode: "binary", ignore } as const;
const multiclass = { mode: "multiclass", ignore } as const;

/** The terms that the losses of a binary task are sums of. */
const BINARY: Terms = {
  bce: on(binaryCrossEntropy, { ignore }),
  "lovasz-hinge": on(lovaszHinge, { ignore }),
  "lovasz-sigmoid": on(lovaszSigmoid, { ignore }),
  dice: on(dice, binary),
  jaccard: on(jaccard, binary),
  tversky: on(tversky, binary),
  focal: on(focal, binary),
};

/** The terms that the losses of a task of several classes are sums of. */
const MULTICLASS: Terms = {
  ce: on(crossEntropy, { ignore }),
  "lovasz-softmax": on(lovaszSoftmax, { ignore }),
  dice: on(dice, multiclass),
  jaccard: on(jaccard, multiclass),
  tversky: on(tversky, multiclass),
  focal: on(focal, multiclass),
};

/** The default of --loss: the pixelwise loss, with and without the Lovász loss. */
export function defaultLosses(classes: number | null): string {
  return classes === null ? "bce,bce+lovasz-hinge" : "ce,ce+lovasz-softmax";
}

/** The names of the terms of a loss, for help. */
export const TERMS = { binary: Object.keys(BINARY).join(", "), multiclass: Object.keys(MULTICLASS).join(", ") };

/**
 * Losses from `list`, names joined by commas, each a sum of terms joined by `+`, for a task of `classes` classes (null:
 * foreground and background); throws `WrongCall`. Spaces and upper case make no difference.
 */
export function parseLosses(list: string, classes: number | null): NamedLoss[] {
  const terms = classes === null ? BINARY : MULTICLASS;
  const names = list.split(",").map((name) => name.replace(/\s/g, "").toLowerCase());
  return names.map((name, i) => {
    if (names.indexOf(name) < i) throw new WrongCall(`--loss names ${name} twice; each loss is trained once`);
    const summands = name.split("+").map((term) => {
      if (Object.hasOwn(terms, term)) return terms[term];
      throw new WrongCall(unknown(term, classes));
    });
    return { name, criterion: sum(summands) };
  });
}

function unknown(term: string, classes: number | null): string {
  const known = classes === null ? TERMS.binary : TERMS.multiclass;
  const task = classes === null ? "foreground and background (without --classes)" : "--classes";
  return `--loss does not know ${JSON.stringify(term)} for ${task}; use ${known}, or sums such as ${defaultLosses(classes).split(",")[1]}; separate losses by commas`;
}

function sum(terms: readonly Criterion[]): Criterion {
  return async (logits, labels, device) => {
    const [first, ...further] = await Promise.all(terms.map((term) => term(logits, labels, device)));
    return further.reduce((total, one) => total.add(one), first);
  };
}
