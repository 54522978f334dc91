import { describe, expect, test } from "vitest";
import { optim } from "../../src/index.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";

const rates = (schedule: optim.Schedule, count: number) => Array.from({ length: count }, (_, step) => schedule(step));

describe("cosine(options)", () => {
  test("rises by equal steps, then falls along half a cosine, and stays", () => {
    const came = rates(optim.cosine({ from: 0.5, to: 0.1, steps: 9, warmup: 3 }), 12);
    const fall = Array.from({ length: 6 }, (_, t) => 0.1 + (0.4 * (1 + Math.cos((Math.PI * t) / 6))) / 2);
    expectClose(came, [0.125, 0.25, 0.375, ...fall, 0.1, 0.1, 0.1], { absolute: 1e-15, relative: 1e-15 });
    // to the bit
    expect([came[3], came[9], came[11]]).toEqual([0.5, 0.1, 0.1]);
  });

  test("falls to 0 without warm-up by default", () => {
    expectClose(rates(optim.cosine({ from: 1, steps: 2 }), 4), [1, 0.5, 0, 0], { absolute: 1e-15 });
    expect(optim.cosine({ from: 1, steps: 1 })(Number.MAX_SAFE_INTEGER)).toBe(0);
  });

  test("refuses options and steps that make no sense", () => {
    const make = (options: object) => () => optim.cosine({ from: 1, steps: 5, ...options });
    expectError(make({ from: -1 }), "option", /^cosine\(options\): from is -1, expected a finite number from 0 to 1e\+18/);
    expectError(make({ from: undefined }), "option", /from is null/);
    expectError(make({ to: Infinity }), "option", /to is Infinity/);
    expectError(make({ steps: 0 }), "option", /steps is 0, expected a finite number of at least 1/);
    expectError(make({ steps: 2.5 }), "option", /steps is 2\.5, expected an integer/);
    expectError(make({ warmup: 5 }), "option", /warmup is 5, expected a finite number from 0 to 4/);
    expectError(make({ power: 1 }), "option", /has no option "power"; it knows from, to, steps, warmup/);
    for (const step of [-1, 0.5, Number.NaN, undefined, "1"]) {
      expectError(() => optim.cosine({ from: 1, steps: 5 })(step as number), "option", /step is .*, expected/);
    }
  });
});
