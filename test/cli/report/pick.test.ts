import { expect, test } from "vitest";
import { pick } from "../../../src/cli/report/pick.js";

test("few are all shown, the best first", () => {
  expect(pick([])).toEqual([]);
  expect(pick([0.2, 0.9, 0.5])).toEqual([1, 2, 0]);
});

test("of many, six from the best to the worst, each once", () => {
  for (let count = 7; count < 60; count++) {
    const values = Array.from({ length: count }, (_, i) => (i * 61) % count);
    const picked = pick(values).map((at) => values[at]);
    expect(picked).toHaveLength(6);
    expect([picked[0], picked[5]]).toEqual([count - 1, 0]);
    for (let i = 1; i < 6; i++) expect(picked[i]).toBeLessThan(picked[i - 1]);
  }
});
