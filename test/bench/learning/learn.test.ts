import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { learn, remaining } from "../../../bench/learning/learn.mjs";
import { Results } from "../../../bench/learning/results.mjs";
import { temporaryFolder } from "../../cli/helpers/files.js";

interface Unit {
  set: string;
  seed: number;
  fold: number;
}

const root = temporaryFolder();
const units: Unit[] = [0, 1, 2, 3].map((seed) => ({ set: "discs", seed, fold: 0 }));
const silent = () => {};
/** A run that only notes its units. */
const noting = (seen: Unit[]) => async (unit: Unit) => {
  seen.push(unit);
  return { found: unit.seed };
};
let folders = 0;
const freshResults = () => new Results(join(root, String(folders++)), "recipe");

describe("learn(units, options)", () => {
  test("keeps what each unit found, and runs none twice", async () => {
    const results = freshResults();
    const run: Unit[] = [];
    const options = { results, say: silent, run: noting(run) };
    await learn(units.slice(0, 3), options);
    await learn(units, options);
    expect(run).toEqual(units);
    for (const unit of units) expect(results.read(unit)).toMatchObject({ ...unit, found: unit.seed });
  });

  test("keeps what was done before a unit failed, and continues there", async () => {
    const results = freshResults();
    let seen: Unit[] = [];
    const failing = async (unit: Unit) => {
      seen.push(unit);
      if (unit.seed === 2) throw new Error("killed");
      return {};
    };
    await expect(learn(units, { results, say: silent, run: failing })).rejects.toThrow("killed");
    expect(seen).toEqual(units.slice(0, 3));
    seen = [];
    await learn(units, { results, say: silent, run: noting(seen) });
    expect(seen).toEqual(units.slice(2));
  });

  test("runs as many at a time as asked, and stops the others when one fails", async () => {
    let [now, most] = [0, 0];
    const aborted: number[] = [];
    const run = async (unit: Unit, signal: AbortSignal) => {
      most = Math.max(most, ++now);
      try {
        // the first ends, the second fails, the others would never end
        await wait(unit.seed < 2 ? 20 + unit.seed : 1e6, null, { signal });
      } catch (error) {
        aborted.push(unit.seed);
        throw error;
      } finally {
        now--;
      }
      if (unit.seed === 1) throw new Error("broken");
      return {};
    };
    const results = freshResults();
    await expect(learn(units, { results, run, jobs: 3, say: silent })).rejects.toThrow("broken");
    expect(most).toBe(3);
    expect(aborted).toEqual([2, 3]);
    expect(units.map((unit) => results.read(unit) !== null)).toEqual([true, false, false, false]);
  });

  test("tells how many are done and how long the rest takes", async () => {
    const lines: string[] = [];
    let clock = 0;
    const results = freshResults();
    const run = async () => {
      clock += 1800;
      return {};
    };
    await learn(units, { results, say: (line: string) => lines.push(line), now: () => clock, run });
    expect(lines).toEqual([
      "4 of 4 units to do, 1 at a time",
      "discs, seed 0, fold 0: 1800 s; 1 of 4 done, about 1 h 30 min left",
      "discs, seed 1, fold 0: 1800 s; 2 of 4 done, about 1 h 0 min left",
      "discs, seed 2, fold 0: 1800 s; 3 of 4 done, about 30 min left",
      "discs, seed 3, fold 0: 1800 s; 4 of 4 done",
    ]);
  });
});

test("remaining(units, times) takes the mean of a set's own units, or else of all", () => {
  const times = [
    { set: "a", seconds: 10 },
    { set: "a", seconds: 20 },
    { set: "b", seconds: 60 },
  ];
  expect(remaining([{ set: "a" }, { set: "a" }, { set: "c" }], times)).toBe(15 + 15 + 30);
});

describe("Results", () => {
  test("reads nothing of a file that was not written to its end, and nothing of another recipe", () => {
    const folder = join(root, "partial");
    const [mine, others] = [new Results(folder, "mine"), new Results(folder, "others")];
    mine.write({ ...units[0], losses: [] });
    others.write({ ...units[1], losses: [] });
    // as a program that was killed while it wrote leaves it
    writeFileSync(join(folder, "mine", `discs-2-0.json.${process.pid}`), '{"set":');
    expect(readdirSync(join(folder, "mine"))).toHaveLength(2);
    expect(units.map((unit) => mine.read(unit) !== null)).toEqual([true, false, false, false]);
    expect(mine.about()).toContain("; 1 of other recipes beside it are left out");
  });
});
