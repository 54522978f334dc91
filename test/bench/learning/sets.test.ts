import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { crossValidation, SETS, shuffled } from "../../../bench/learning/sets.mjs";

const names = (pictures: { name: string }[]) => pictures.map(({ name }) => name).sort();
const all = Array.from({ length: 64 }, (_, i) => ({ name: `picture-${i}` }));

describe("crossValidation(pictures, seed)", () => {
  test("tests every picture once, and neither trains with it nor chooses by it", () => {
    const folds = crossValidation(all, 5);
    expect(names(folds.flatMap(({ test }) => test))).toEqual(names(all));
    for (const { train, val, test } of folds) {
      expect([train.length, val.length, test.length]).toEqual([36, 12, 16]);
      expect(names([...train, ...val, ...test])).toEqual(names(all));
    }
  });

  test("draws the folds once, and what chooses the epoch by the seed", () => {
    const [five, again, six] = [5, 5, 6].map((seed) => crossValidation(all, seed));
    expect(five).toEqual(again);
    five.forEach((fold, i) => {
      expect(names(fold.test)).toEqual(names(six[i].test));
      expect(names(fold.val)).not.toEqual(names(six[i].val));
    });
  });
});

test("shuffled(list, seed) keeps the list and its members", () => {
  const list = [1, 2, 3, 4, 5];
  expect(shuffled(list, 1).toSorted()).toEqual(list);
  expect(list).toEqual([1, 2, 3, 4, 5]);
  // each place equally often, within 5 standard deviations
  const firsts = Array.from({ length: 5000 }, (_, seed) => shuffled(list, seed)[0]);
  for (const one of list) expect(Math.abs(firsts.filter((first) => first === one).length - 1000)).toBeLessThan(5 * Math.sqrt(800));
});

test("a set says that its pictures are not there", () => {
  expect(SETS.water.missing()).toBeNull();
  const module = new URL("../../../bench/learning/sets.mjs", import.meta.url).href;
  const code = `const { SETS } = await import(${JSON.stringify(module)}); console.log(SETS.nuclei.missing())`;
  const env = { ...process.env, LOVASZ_NUCLEI: fileURLToPath(new URL("./none", import.meta.url)) };
  const said = execFileSync(process.execPath, ["--input-type=module", "-e", code], { env, encoding: "utf8" });
  expect(said).toMatch(/none does not exist; LOVASZ_NUCLEI=<folder> tells another/);
});
