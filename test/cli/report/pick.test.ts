import { expect, test } from "vitest";
import { MOST_PICKED, pick } from "../../../src/cli/report/pick.js";

test("few are all shown, the worst first", () => {
  expect(pick([])).toEqual([]);
  expect(pick([0.2, 0.9, 0.5])).toEqual([0, 2, 1]);
});

test("of many, the six worst, the median and the best, each once", () => {
  for (let count = MOST_PICKED; count < 60; count++) {
    const values = Array.from({ length: count }, (_, i) => (i * 61) % count);
    const picked = pick(values).map((at) => values[at]);
    expect(picked).toEqual([0, 1, 2, 3, 4, 5, count === MOST_PICKED ? 6 : Math.floor(count / 2), count - 1]);
  }
});
