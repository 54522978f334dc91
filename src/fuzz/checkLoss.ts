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

// seconds from the first case that breaks a law in which a simpler one is looked for
const SHRINKING = 2;

/** Options of `checkLoss` and `assertLoss`. */
export interface CheckOptions extends CaseSettings {
  /** The loss to be. */
  kind: Kind;
  /** Cases for each law. Default 200. */
  runs?: number;
  /** A whole number from 0 to 2^31 - 1; the same cases for the same seed. Default: a random one. */
  seed?: number;
  /** Laws beyond those that every right loss keeps. */
  also?: readonly ExtraLaw[];
  /** Called with what became of each law, once it is known. */
  onLaw?: (result: LawResult) => void;
}

/** What became of a law. */
export interface LawResult {
  /** Its name. */
  law: LawName;
  /** Whether it held in every case. */
  ok: boolean;
  /** Cases tried, the first that broke the law included. */
  runs: number;
  /** Where broken: what came in the counterexample, and what was expected. */
  message?: string;
  /** Where broken: the simplest case found within 2 s, as code to be pasted into a test. */
  counterexample?: string;
  /** Where broken: the same as data, for `laws[law](loss, example)`. */
  example?: LossCase;
}

/** What became of a check. */
export interface CheckResult {
  /** Whether no law was broken. */
  ok: boolean;
  /** What became of each law, in the order they were tried. */
  laws: LawResult[];
  /** What repeats this check. */
  seed: number;
}

/**
 * Judges a loss by laws, each in `runs` random cases. A right loss keeps every law, and may
 * - compute in float32 by the published sums and differences, or better: see reference/rounding;
 * - have any subgradient at ties, at a margin of 1, and at a probability equal to its label;
 * - return numbers in any array or tensor, at once or as a promise, in a buffer it uses again.
 *
 * It must honour the options it is given, and by them be the published loss (bermanmaxim/LovaszSoftmax):
 * - pixels whose label is `ignore` count in nothing, whichever number that is, and have no gradient; of no pixel that counts the
 *   loss is 0, without gradient;
 * - `perImage` averages over all images, those without a pixel that counts as 0. It is left out only where both readings are the
 *   same, and of softmax with several images, where that says false;
 * - an image without positives has the hinge of the greatest error: of no positives, any wrong pixel is a Jaccard loss of 1;
 * - `classes`: `"all"` counts the absent ones, too; left out or `"present"`, the mean is over the classes of the labels of the
 *   image or batch that count;
 * - shapes are [B, H, W] and [B, C, H, W], and values finite, in void pixels too: other ranks are the law `takesAnyRank`.
 *
 * `honours` lists the options that a loss knows, if not all. Throws `LovaszError` "option"; whatever the loss throws breaks laws.
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

/** What becomes of one law; each has cases of its own. Without `shrink` the counterexample is the first found. */
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
