import { expect, test } from "vitest";
import { rows, table } from "../../../src/cli/run/table.js";
import { training } from "../helpers/runs.js";

const trainings = [training("bce"), training("bce+lovasz-hinge", { iou: 0.8123 })];

test("the best loss stands first", () => {
  expect(rows(trainings)).toEqual([
    ["bce+lovasz-hinge", "81.2 %", "50.0 %", "75.0 %", "2", "12.3"],
    ["bce", "60.0 %", "50.0 %", "75.0 %", "2", "12.3"],
  ]);
});

test("the table has no colours, and lines of one length", async () => {
  const lines = (await table(trainings)).split("\n");
  expect(lines).toHaveLength(7);
  expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  expect(lines.join("")).not.toMatch(/\p{Cc}/u);
  expect(lines[1]).toMatch(/loss .* IoU .* mean image IoU .* Dice .* best epoch .* seconds/);
});
