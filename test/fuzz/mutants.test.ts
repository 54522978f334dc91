import { expect, test } from "vitest";
import { checkLaw } from "../../src/fuzz/checkLoss.js";
import { type LawName, lawsOf } from "../../src/fuzz/laws/index.js";
import { MUTANTS } from "./mutants.js";

// those that catch most come first, to be done sooner
const FIRST: readonly LawName[] = ["hasSubgradient", "isExtension", "keepsInputs", "keepsNoState"];

// npm run fuzz -- --mutants takes other seeds
test("checkLoss judges every mutant broken at 200 runs", { timeout: 300_000 }, async () => {
  expect(MUTANTS.length).toBeGreaterThan(300);
  const survivors: string[] = [];
  for (const { name, kind, loss } of MUTANTS) {
    const laws = [...new Set([...FIRST, ...lawsOf(kind)])];
    // the first runs of every law catch most, and are the same ones
    const tries = [8, 200].flatMap((runs) => laws.map((law) => ({ law, runs })));
    let caught = false;
    for (const { law, runs } of tries) {
      if (caught) break;
      // no shrinking: the law is broken or not
      caught = !(await checkLaw(loss(), law, kind, { runs, seed: 1, shrink: false })).ok;
    }
    if (!caught) survivors.push(`${kind}: ${name}`);
  }
  expect(survivors).toEqual([]);
});
