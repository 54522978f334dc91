import { asyncProperty, check } from "fast-check";
import { LovaszError } from "../errors.js";
import { choice, describe, integer, knownOptions } from "../options.js";
import { type Cause, causesOf } from "./causes.js";
import { type CaseSettings, drawLossCase, type Honoured } from "./draw/lossCase.js";
import { mostPixels } from "./draw/size.js";
import { drawn, type Pass } from "./drawn.js";
import { EXTRA_LAWS, type ExtraLaw, type LawName, laws, lawsOf } from "./laws/index.js";
import { KINDS, type Kind, type LossCase, type LossUnderTest, NEEDS, type Need, plainestCase } from "./lossCase.js";
import { PRECISIONS, type Precision } from "./precision.js";
import { showCase } from "./showCase.js";
import { casePasses } from "./shrink/lossCase.js";

// float16 counts the pixels of two such images, the most of this size, exactly
const EXACT_PIXELS = 1024;
// seconds to look for a simpler case, from the first that breaks a law
const SHRINKING = 2;

/** Options of `checkLoss` and `assertLoss`. */
export interface CheckOptions extends CaseSettings {
  /** The loss that it should be. */
  kind: Kind;
  /** How many cases each law is tried on. Default 200. */
  runs?: number;
  /** A whole number from 0 to 2^31 - 1 that determines the cases. Default: a random one. */
  seed?: number;
  /** Further laws to check, beyond those that every correct loss keeps. */
  also?: readonly ExtraLaw[];
  /** The laws to check. Default: all that a correct loss of the kind keeps. */
  only?: readonly LawName[];
  /** Laws not to check. */
  skip?: readonly LawName[];
  /** How many laws are checked at once. More than 1 is for a loss that takes a call before it has answered the last. Default 1. */
  atOnce?: number;
  /** Called with the result of each law as soon as it is known. */
  onLaw?: (result: LawResult) => void;
}

/** The result of a law. */
export interface LawResult {
  /** The name of the law. */
  law: LawName;
  /** Whether it held in every case. */
  ok: boolean;
  /** How many cases were tried, up to and including the first that broke the law. */
  runs: number;
  /** If broken: what the counterexample gave, and what was expected. */
  message?: string;
  /** If broken: the simplest counterexample of 2 s of shrinking, as code to paste into a test. */
  counterexample?: string;
  /** If broken: the counterexample as data, for `laws[law](loss, example)`. */
  example?: LossCase;
}

/** The result of a check. */
export interface CheckResult {
  /** Whether no law was broken. */
  ok: boolean;
  /** The result of each law, in the order they were tried. */
  laws: LawResult[];
  /** Why laws are broken: each cause with the laws that it breaks, most of them first. */
  causes: Cause[];
  /** The seed that repeats this check. */
  seed: number;
}

/**
 * Checks a loss against laws, each in `runs` random cases. A correct loss keeps every law. It may
 * - compute in float32 (or `precision`) by the published sums and differences, or more precisely;
 * - return any subgradient at ties, at a margin of 1, and at a probability equal to its label;
 * - return numbers in any array or tensor, directly or as a promise, in a buffer that it reuses.
 *
 * It must honour the options that it is given, as the published loss (bermanmaxim/LovaszSoftmax) does:
 * - pixels labelled `ignore`, whichever number that is, are left out and have gradient 0; if all pixels are ignored, the loss is 0;
 * - `perImage` averages over all images, and an image whose pixels are all ignored has loss 0. `perImage` is left out only where it
 *   makes no difference, and for softmax with several images, where its default is false;
 * - in an image without positives the hinge loss is the largest error, because any wrong pixel has a Jaccard loss of 1;
 * - with `classes` left out or `"present"` the mean is over the classes in the labels of the image or batch, ignored pixels aside;
 *   `"all"` includes absent classes;
 * - shapes are [B, H, W] and [B, C, H, W], and all values are finite, even in ignored pixels. The law `takesAnyRank` checks other ranks.
 *
 * `honours` lists the options that the loss knows, if not all, and `needs` what each case must have; `classes: "all"` says that the loss
 * averages all classes where its option is left out; `precision: "float16"`, that it computes in half precision. Throws `LovaszError` "option". An exception of the loss breaks the law. A loss that
 * does not answer the plainest case is not tried on others, and has broken the law `answersNumbers`.
 *
 * @example
 * ```js
 * import { lovaszHinge, valueAndGrad } from "lovasz";
 * import { checkLoss } from "lovasz/fuzz";
 *
 * const { ok, laws } = await checkLoss(valueAndGrad(lovaszHinge), { kind: "hinge", runs: 20, seed: 1 });
 * console.log(ok, laws[0].law); // true answersNumbers
 * ```
 */
export async function checkLoss(loss: LossUnderTest, options: CheckOptions): Promise<CheckResult> {
  const { kind, names, atOnce, ...how } = readOptions("checkLoss", loss, options);
  const check = (law: LawName) => checkLaw(loss, law, kind, { ...how, shrinking: SHRINKING * atOnce });
  const wrong = await wrongInThePlainestCase(loss, kind, how.settings.precision);
  const results = wrong ? [wrong] : await inTurn(names, atOnce, check, options.onLaw);
  if (wrong) options.onLaw?.(wrong);
  const holds = async (law: LawName, runs: number, settings: CaseSettings) =>
    (await checkLaw(loss, law, kind, { runs: Math.min(runs, how.runs), seed: how.seed, settings, shrink: false })).ok;
  const broken = results.filter(({ ok }) => !ok);
  const causes = wrong ? [{ summary: "the loss cannot be called", laws: [wrong.law] }] : await causesOf(broken, how.settings, holds);
  return { ok: broken.length === 0, laws: results, causes, seed: how.seed };
}

// A loss that cannot be called breaks all laws, which says no more than one.
async function wrongInThePlainestCase(loss: LossUnderTest, kind: Kind, precision: Precision): Promise<LawResult | null> {
  const example = { ...plainestCase(kind), ...(precision === "float16" ? { precision } : {}) };
  const law = "answersNumbers";
  try {
    await laws[law](loss, example);
    return null;
  } catch (cause) {
    return { law, ok: false, runs: 1, message: (cause as Error).message, counterexample: showCase(law, example), example };
  }
}

/** The result of each law, of which `atOnce` are checked at a time; they are told in their order. */
async function inTurn(
  names: readonly LawName[],
  atOnce: number,
  check: (law: LawName) => Promise<LawResult>,
  onLaw: ((result: LawResult) => void) | undefined,
): Promise<LawResult[]> {
  const results: LawResult[] = [];
  let [next, told] = [0, 0];
  const work = async () => {
    while (next < names.length) {
      const i = next++;
      results[i] = await check(names[i]);
      for (; results[told]; told++) onLaw?.(results[told]);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}

/** Checks one law, on cases of its own. Without `shrink` the counterexample is the first case that breaks it. */
export async function checkLaw(
  loss: LossUnderTest,
  law: LawName,
  kind: Kind,
  {
    runs,
    seed,
    settings,
    shrink = true,
    shrinking = SHRINKING,
  }: { runs: number; seed: number; settings?: CaseSettings; shrink?: boolean; shrinking?: number },
): Promise<LawResult> {
  let end = Number.POSITIVE_INFINITY;
  const inTime = (pass: Pass<LossCase>) =>
    function* (example: LossCase) {
      for (const one of pass(example)) {
        if (performance.now() > end) return;
        yield one;
      }
    };
  let turn = seed;
  const cases = drawn((random) => drawLossCase(random, kind, settings, turn++), casePasses.map(inTime));
  const property = asyncProperty(cases, async (example) => {
    try {
      await laws[law](loss, example);
    } catch (cause) {
      end = Math.min(end, performance.now() + 1000 * shrinking);
      throw cause;
    }
  });
  const offset = 65_537 * Object.keys(laws).indexOf(law);
  const { failed, counterexample, errorInstance, numRuns } = await check(property, {
    numRuns: runs,
    seed: (seed + offset) | 0,
    endOnFailure: !shrink,
  });
  if (!failed || !counterexample) return { law, ok: true, runs: numRuns };
  const [example] = counterexample;
  const message = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return { law, ok: false, runs: numRuns, message, counterexample: showCase(law, example), example };
}

function readOptions(call: string, loss: LossUnderTest, options: CheckOptions) {
  if (typeof loss !== "function") {
    throw new LovaszError(
      "option",
      `${call}: loss is ${describe(loss)}, expected a function (values, labels, options) => ({ value, grad })`,
    );
  }
  const known = [
    "kind",
    "runs",
    "seed",
    "also",
    "only",
    "skip",
    "atOnce",
    "onLaw",
    "honours",
    "maxPixels",
    "needs",
    "classes",
    "precision",
  ];
  knownOptions(call, options, known);
  if (options.kind === undefined) {
    throw new LovaszError("option", `${call}: kind is missing, expected ${KINDS.map((kind) => `"${kind}"`).join(" or ")}`);
  }
  const kind = choice(call, "kind", options.kind, KINDS, "hinge");
  const precision = choice(call, "precision", options.precision, PRECISIONS, "float32");
  return {
    kind,
    runs: integer(call, "runs", options.runs, 200, 1),
    seed: integer(call, "seed", options.seed, Math.floor(Math.random() * 2 ** 31), 0, 2 ** 31 - 1),
    names: lawNames(call, kind, options),
    atOnce: integer(call, "atOnce", options.atOnce, 1, 1),
    settings: {
      honours: names<Honoured>(call, "honours", options.honours, ["ignore", "perImage", "classes"]),
      maxPixels: integer(
        call,
        "maxPixels",
        options.maxPixels,
        mostPixels(precision),
        1,
        precision === "float16" ? EXACT_PIXELS : undefined,
      ),
      needs: names<Need>(call, "needs", options.needs, NEEDS),
      classes: options.classes === undefined ? undefined : choice(call, "classes", options.classes, ["present", "all"], "present"),
      precision,
    },
  };
}

function lawNames(call: string, kind: Kind, { also, only, skip }: CheckOptions): LawName[] {
  const own = lawsOf(kind, names<ExtraLaw>(call, "also", also, EXTRA_LAWS));
  const every = lawsOf(kind, EXTRA_LAWS);
  const chosen = names<LawName>(call, "only", only, every) ?? own;
  const skipped = names<LawName>(call, "skip", skip, every) ?? [];
  const left = every.filter((name) => chosen.includes(name) && !skipped.includes(name));
  if (left.length > 0) return left;
  throw new LovaszError("option", `${call}: only and skip leave no law of kind "${kind}"; name fewer in skip, or more in only`);
}

function names<T extends string>(
  call: string,
  option: string,
  given: readonly T[] | undefined,
  known: readonly T[],
): readonly T[] | undefined {
  if (given === undefined || (Array.isArray(given) && given.every((name) => known.includes(name)))) return given;
  const came = Array.isArray(given) ? `[${given.map(describe).join(", ")}]` : describe(given);
  throw new LovaszError("option", `${call}: ${option} is ${came}, expected an array of ${known.map((name) => `"${name}"`).join(", ")}`);
}
