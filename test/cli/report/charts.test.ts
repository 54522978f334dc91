import { expect, test } from "vitest";
import { LINES, SCRIPT } from "../../../src/cli/report/charts.js";

test("every line has a colour of its own, and the script is one", () => {
  expect(new Set(LINES).size).toBe(LINES.length);
  for (const colour of LINES) expect(colour).toMatch(/^#[0-9a-f]{6}$/);
  expect(() => new Function("uPlot", SCRIPT)).not.toThrow();
});
