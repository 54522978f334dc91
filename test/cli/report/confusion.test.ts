import { describe, expect, test } from "vitest";
import { confusionTable, MOST_SHOWN, mostConfused, summed } from "../../../src/cli/report/confusion.js";
import { outcomesOf, training } from "../helpers/runs.js";

const counts = [[6, 2, 0], [0, 3, 1], [0, 0, 0]]; // biome-ignore format: one line
const cellsOf = (table: string) => [...table.matchAll(/<t[dh](?: [^>]*)?>(?:<span[^>]*><\/span>)?([^<]*)</g)].map(([, text]) => text);

describe("confusionTable", () => {
  test("tells each row in percent, a class without pixels apart", () => {
    const [outcome] = outcomesOf([training("ce<", { confusion: counts })]);
    const table = confusionTable(outcome);
    expect(table).toContain("<caption>ce&lt;</caption>");
    expect(cellsOf(table)).toEqual([
      ...["truth", "0", "1", "2"],
      ...["0", "75.0", "25.0", "0"],
      ...["1", "0", "75.0", "25.0"],
      ...["2", "-", "-", "-"],
    ]);
  });

  test("shades what is correct and what is wrong in two colours, and zero not at all", () => {
    const table = confusionTable(outcomesOf([training("ce", { confusion: counts })])[0]);
    const shades = [...table.matchAll(/<td style="background: rgb\((\d+) [^/]*\/ ([\d.]+)\)">/g)].map(([, red, alpha]) => [red, alpha]);
    expect(shades).toEqual([["25", "0.38"], ["217", "0.25"], ["25", "0.38"], ["217", "0.25"]]); // biome-ignore format: one line
  });

  test("adds all seeds", () => {
    const seeds = [0, 1].map((seed) => training("ce", { seed, confusion: seed === 0 ? counts : [[0, 0, 2], [0, 0, 0], [0, 0, 1]] })); // biome-ignore format: one line
    expect(summed(outcomesOf(seeds)[0])).toEqual([[6, 2, 2], [0, 3, 1], [0, 0, 1]]); // biome-ignore format: one line
  });

  test("of many classes shows those with the most wrong pixels, and the others in one column", () => {
    const many = Array.from({ length: 255 }, (_, truth) => Array.from({ length: 255 }, (_, said): number => (truth === said ? 1000 : 0)));
    // class 200 loses pixels to 254, and the classes from 20 on a few each to 0
    many[200][254] = 100;
    for (let label = 20; label < 60; label++) many[label][0] = label;
    const shown = mostConfused(many);
    expect(shown).toHaveLength(MOST_SHOWN);
    expect(shown).toEqual([0, ...Array.from({ length: 21 }, (_, i) => 39 + i), 200, 254]);
    const table = confusionTable(outcomesOf([training("ce", { confusion: many })])[0]);
    expect(cellsOf(table).slice(0, MOST_SHOWN + 2)).toEqual(["truth", ...shown.map(String), "others"]);
    expect(table).toContain('class="matrix dense"');
    expect(table.length).toBeLessThan(50_000);
  });
});
