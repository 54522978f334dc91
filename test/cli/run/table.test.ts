import { describe, expect, test } from "vitest";
import { classTable, differenceTable, scoreTable, tables } from "../../../src/cli/run/table.js";
import { multiclassTask } from "../../../src/model/task.js";
import { outcomesOf, recipe, run, training } from "../helpers/runs.js";

const single = outcomesOf([training("bce"), training("bce+lovasz-hinge", { iou: 0.8123 })]);
const several = outcomesOf(
  [0, 1].flatMap((seed) => [training("bce", { seed, iou: 0.6 + seed / 10 }), training("dice", { seed, iou: 0.7 + seed / 20 })]),
);

describe("scoreTable(outcomes)", () => {
  test("puts the best loss first", () => {
    expect(scoreTable(single)).toEqual({
      headings: ["loss", "IoU", "mean image IoU", "Dice", "best epoch", "seconds"],
      rows: [
        ["bce+lovasz-hinge", "81.2 %", "50.0 %", "75.0 %", "2", "12.3"],
        ["bce", "60.0 %", "50.0 %", "75.0 %", "2", "12.3"],
      ],
    });
  });

  test("shows mean, deviation and the worst seed where there are several", () => {
    expect(scoreTable(several)).toEqual({
      headings: ["loss", "seeds", "IoU", "worst IoU", "mean image IoU", "Dice", "seconds a seed"],
      rows: [
        ["dice", "2", "72.5 ± 3.5 %", "70.0 % (seed 0)", "50.0 ± 0.0 %", "75.0 ± 0.0 %", "12.3"],
        ["bce", "2", "65.0 ± 7.1 %", "60.0 % (seed 0)", "50.0 ± 0.0 %", "75.0 ± 0.0 %", "12.3"],
      ],
    });
  });
});

test("differenceTable(outcomes) compares the winner with the others, and has no rows for one seed", () => {
  expect(differenceTable(single).rows).toEqual([]);
  expect(differenceTable(several)).toEqual({
    headings: ["compared", "IoU (95 % interval)", "verdict", "mean image IoU (95 % interval)", "verdict"],
    rows: [["dice - bce", "7.5 (5.0 to 10.0)", "not distinguishable", "0.0 (0.0 to 0.0)", "not distinguishable"]],
  });
});

test("classTable(outcomes) has a row for each class and a column for each loss", () => {
  const outcomes = outcomesOf([training("ce", { classIoUs: [0.5, null] }), training("dice", { classIoUs: [0.25, 1] })]);
  expect(classTable(outcomes, ["sky", "sea"]).rows.map(([name]) => name)).toEqual(["0 sky", "1 sea"]);
  expect(classTable(outcomes, null)).toEqual({
    headings: ["class", "IoU by ce", "IoU by dice"],
    rows: [
      ["0", "50.0 %", "25.0 %"],
      ["1", "absent", "100.0 %"],
    ],
  });
});

test("tables have no colours, and lines of one length each", async () => {
  const made = run([training("bce")]);
  const classes = { ...made, recipe: recipe({ task: multiclassTask(2) }) };
  const lines = (await tables({ ...made, outcomes: single })).split("\n");
  expect(lines).toHaveLength(7);
  expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  expect(lines.join("")).not.toMatch(/\p{Cc}/u);
  expect(lines[1]).toMatch(/loss .* IoU .* mean image IoU .* Dice .* best epoch .* seconds/);
  expect((await tables({ ...classes, outcomes: single })).split("\n")).toHaveLength(14);
  expect(await tables({ ...classes, outcomes: several })).toMatch(/loss[\s\S]*compared[\s\S]*class/);
});
