import { expect, test } from "vitest";
import { checkLaw } from "../../src/fuzz/checkLoss.js";
import { type LawName, lawsOf } from "../../src/fuzz/laws/index.js";
import { SCORE_MUTANTS } from "./scoreMutants.js";

const FIRST: readonly LawName[] = ["hasDerivative", "isScoreAtCorners", "liesBetweenScores"];

test("checkLoss judges every mutant of dice, jaccard and tversky broken at 200 runs", { timeout: 120_000 }, async () => {
  expect(SCORE_MUTANTS.length).toBeGreaterThan(200);
  const survivors: string[] = [];
  for (const { name, kind, loss } of SCORE_MUTANTS) {
    const laws = [...new Set([...FIRST, ...lawsOf(kind)])];
    let caught = false;
    for (const { law, runs } of [8, 200].flatMap((runs) => laws.map((law) => ({ law, runs })))) {
      if (caught) break;
      caught = !(await checkLaw(loss(), law, kind, { runs, seed: 1, shrink: false })).ok;
    }
    if (!caught) survivors.push(`${kind}: ${name}`);
  }
  expect(survivors).toEqual([]);
});
