import { describe, expect, test } from "vitest";
import { checkLaw } from "../../src/fuzz/checkLoss.js";
import { type LawName, lawsOf } from "../../src/fuzz/laws/index.js";
import { MUTANTS } from "./mutants.js";

// those that catch most come first, to be done sooner
const FIRST: readonly LawName[] = ["hasSubgradient", "isExtension", "keepsInputs", "keepsNoState"];

describe("checkLoss judges every mutant broken", () => {
  test.each([1, 20_241_124])(
    "at 200 runs, seed %d",
    async (seed) => {
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
          caught = !(await checkLaw(loss(), law, kind, { runs, seed, shrink: false })).ok;
        }
        if (!caught) survivors.push(`${kind}: ${name}`);
      }
      expect(survivors).toEqual([]);
    },
    300_000,
  );
});
