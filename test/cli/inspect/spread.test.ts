import { expect, test } from "vitest";
import { spread } from "../../../src/cli/inspect/spread.js";

test("few are all shown, the highest first", () => {
  expect(spread([])).toEqual([]);
  expect(spread([0.2, 0.9, 0.5])).toEqual([1, 2, 0]);
});

test("of many, six from the highest to the lowest, each once", () => {
  for (let count = 7; count < 60; count++) {
    const values = Array.from({ length: count }, (_, i) => (i * 61) % count);
    const picked = spread(values).map((at) => values[at]);
    expect(picked).toHaveLength(6);
    expect([picked[0], picked[5]]).toEqual([count - 1, 0]);
    for (let i = 1; i < 6; i++) expect(picked[i]).toBeLessThan(picked[i - 1]);
  }
});
