import { asyncProperty, check } from "fast-check";
import { LovaszError } from "../errors.js";
import { choice, describe, integer, knownOptions } from "../options.js";
import { type CaseSettings, drawLossCase, type Honoured } from "./draw/lossCase.js";
import { MAX_PIXELS } from "./draw/size.js";
import { drawn, type Pass } from "./drawn.js";
import { EXTRA_LAWS, type ExtraLaw, type LawName, laws, lawsOf } from "./laws/index.js";
import { KINDS, type Kind, type LossCase, type LossUnderTest } from "./lossCase.js";
import { showCase } from "./showCase.js";
import { casePasses } from "./shrink/lossCase.js";

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
  /** The seed that repeats this check. */
  seed: number;
}

/**
 * Checks a loss against laws, each in `runs` random cases. A correct loss keeps every law. It may
 * - compute in float32 by the published sums and differences, or more precisely;
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
 * `honours` lists the options that the loss knows, if not all. Throws `LovaszError` "option". An exception of the loss breaks the law.
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
  const { kind, runs, seed, also, settings } = readOptions("checkLoss", loss, options);
  const results: LawResult[] = [];
  for (const law of lawsOf(kind, also)) {
    const result = await checkLaw(loss, law, kind, { runs, seed, settings });
    results.push(result);
    options.onLaw?.(result);
  }
  return { ok: results.every(({ ok }) => ok), laws: results, seed };
}

/** Checks one law, on cases of its own. Without `shrink` the counterexample is the first case that breaks it. */
export async function checkLaw(
  loss: LossUnderTest,
  law: LawName,
  kind: Kind,
  { runs, seed, settings, shrink = true }: { runs: number; seed: number; settings?: CaseSettings; shrink?: boolean },
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
      end = Math.min(end, performance.now() + 1000 * SHRINKING);
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
  knownOptions(call, options, ["kind", "runs", "seed", "also", "onLaw", "honours", "maxPixels"]);
  if (options.kind === undefined) {
    throw new LovaszError("option", `${call}: kind is missing, expected ${KINDS.map((kind) => `"${kind}"`).join(" or ")}`);
  }
  return {
    kind: choice(call, "kind", options.kind, KINDS, "hinge"),
    runs: integer(call, "runs", options.runs, 200, 1),
    seed: integer(call, "seed", options.seed, Math.floor(Math.random() * 2 ** 31), 0, 2 ** 31 - 1),
    also: names<ExtraLaw>(call, "also", options.also, EXTRA_LAWS) ?? [],
    settings: {
      honours: names<Honoured>(call, "honours", options.honours, ["ignore", "perImage", "classes"]),
      maxPixels: integer(call, "maxPixels", options.maxPixels, MAX_PIXELS, 1),
    },
  };
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
