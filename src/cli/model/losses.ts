// The names of losses on the command line, and what they stand for.
import { counted } from "../../counted.js";
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
  /** For example `bce+lovasz-sigmoid` or `0.5*bce+dice`: also the name of its files. */
  readonly name: string;
  readonly criterion: Criterion;
  /**
   * What stands for the loss in the epochs of --loss-warmup: its terms but the Lovász losses, or the pixelwise loss where it has no others.
   * Null where the loss has no Lovász term, and so needs no warm-up.
   */
  readonly warmup: Criterion | null;
}

/** A term of a sum. */
interface Term {
  readonly criterion: Criterion;
  /** Whether it heeds weights of the classes. */
  readonly isWeighted: boolean;
}

type Terms = Readonly<Record<string, Term>>;

function on<Options extends object>(loss: Loss<Options>, options: Options, isWeighted = false): Term {
  return { criterion: (logits, labels, device) => device.loss(loss, logits, labels, options), isWeighted };
}

const ignore = IGNORED;
// a loss for each picture makes small objects count as much as large ones
const perImage = true;

/** The terms that the losses of a binary task are sums of. */
function binaryTerms(weights: ClassWeights): Terms {
  const binary = { mode: "binary", ignore } as const;
  return {
    bce: on(binaryCrossEntropy, { ignore, posWeight: weights && weights[1] / weights[0] }, true),
    "lovasz-hinge": on(lovaszHinge, { ignore, perImage }),
    "lovasz-sigmoid": on(lovaszSigmoid, { ignore, perImage }),
    dice: on(dice, binary),
    jaccard: on(jaccard, binary),
    tversky: on(tversky, binary),
    focal: on(focal, binary),
  };
}

/** The terms that the losses of a task of several classes are sums of. */
function multiclassTerms(classWeights: ClassWeights): Terms {
  const multiclass = { mode: "multiclass", ignore } as const;
  return {
    ce: on(crossEntropy, { ignore, classWeights }, true),
    "lovasz-softmax": on(lovaszSoftmax, { ignore, perImage, classWeights: classWeights ?? undefined }, true),
    dice: on(dice, multiclass),
    jaccard: on(jaccard, multiclass),
    tversky: on(tversky, multiclass),
    focal: on(focal, multiclass),
  };
}

type ClassWeights = readonly number[] | null;

/** The default of --loss: the pixelwise loss, with and without the Lovász loss. */
export function defaultLosses(classes: number | null): string {
  return classes === null ? "bce,bce+lovasz-sigmoid" : "ce,ce+lovasz-softmax";
}

/** The names of the terms of a loss, for help. */
export const TERMS = { binary: Object.keys(binaryTerms(null)).join(", "), multiclass: Object.keys(multiclassTerms(null)).join(", ") };

/**
 * Losses from `list`, names joined by commas, each a sum of terms joined by `+`, which may have a factor as in `0.5*bce`, for a task of
 * `classes` classes (null: foreground and background). `classWeights` are those of --class-weights. Throws `WrongCall`. Spaces and upper
 * case make no difference.
 */
export function parseLosses(list: string, classes: number | null, classWeights: ClassWeights = null): NamedLoss[] {
  checkWeights(classWeights, classes);
  const terms = classes === null ? binaryTerms(classWeights) : multiclassTerms(classWeights);
  const texts = list.split(",").map((name) => name.replace(/\s/g, "").toLowerCase());
  const parsed = texts.map((text) => {
    const summands = text.split("+").map((one) => summandOf(one, terms, classes));
    return { name: summands.map(({ term, factor }) => (factor === 1 ? term : `${factor}*${term}`)).join("+"), summands };
  });
  const names = parsed.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new WrongCall(`--loss names ${twice} twice; each loss is trained once`);
  if (classWeights !== null && !parsed.some(({ summands }) => summands.some(({ isWeighted }) => isWeighted))) {
    const known = Object.keys(terms).filter((term) => terms[term].isWeighted);
    throw new WrongCall(`--class-weights weighs ${known.join(" and ")}, of which --loss names none; leave out --class-weights`);
  }
  return parsed.map(({ name, summands }) => ({ name, criterion: sum(summands), warmup: warmupOf(summands, terms) }));
}

interface Summand extends Term {
  readonly term: string;
  readonly factor: number;
}

function summandOf(text: string, terms: Terms, classes: number | null): Summand {
  const at = text.indexOf("*");
  const [factor, term] = at < 0 ? ["1", text] : [text.slice(0, at), text.slice(at + 1)];
  if (!Object.hasOwn(terms, term)) throw new WrongCall(unknown(term, classes));
  if (!/^(\d+\.?\d*|\.\d+)$/.test(factor) || !(Number(factor) > 0 && Number(factor) <= MOST_FACTOR)) {
    const expected = `expected a number above 0, at most ${MOST_FACTOR}, such as 0.5*${term}`;
    throw new WrongCall(`--loss has the factor ${JSON.stringify(factor)} in ${JSON.stringify(text)}, ${expected}`);
  }
  return { ...terms[term], term, factor: Number(factor) };
}

const MOST_FACTOR = 1000;

function unknown(term: string, classes: number | null): string {
  const known = classes === null ? TERMS.binary : TERMS.multiclass;
  const task = classes === null ? "foreground and background (without --classes)" : "several classes";
  return `--loss does not know ${JSON.stringify(term)} for ${task}; use ${known}, or sums such as ${defaultLosses(classes).split(",")[1]}; separate losses by commas${/^[\d.]/.test(term) ? ", and write factors first, as in 0.5*bce" : ""}`;
}

function checkWeights(weights: ClassWeights, classes: number | null): void {
  const count = classes ?? 2;
  if (weights === null) return;
  if (weights.length !== count) {
    const which = classes === null ? "background and foreground" : `classes 0 to ${count - 1}`;
    throw new WrongCall(`--class-weights has ${counted(weights.length, "number")}, expected ${count}, for ${which}`);
  }
  // all terms of a class without weight would vanish, and those of the other class be divided by nothing
  const least = classes === null ? "above 0" : "from 0 up, and one above 0";
  if (classes === null ? weights.every((one) => one > 0) : weights.some((one) => one > 0)) return;
  throw new WrongCall(`--class-weights is ${weights.join(",")}, expected numbers ${least}`);
}

function warmupOf(summands: readonly Summand[], terms: Terms): Criterion | null {
  const others = summands.filter(({ term }) => !term.startsWith("lovasz"));
  if (others.length === summands.length) return null;
  return others.length > 0 ? sum(others) : (terms.bce ?? terms.ce).criterion;
}

function sum(summands: readonly Summand[]): Criterion {
  return async (logits, labels, device) => {
    const parts = summands.map(async ({ criterion, factor }) => {
      const loss = await criterion(logits, labels, device);
      return factor === 1 ? loss : loss.mul(factor);
    });
    const [first, ...further] = await Promise.all(parts);
    return further.reduce((total, one) => total.add(one), first);
  };
}
