import { describe, expect, test } from "vitest";
import { optim } from "../../src/index.js";
import { expectClose } from "../helpers/closeTo.js";
import { expectError } from "../helpers/errors.js";

const rates = (schedule: optim.Schedule, count: number) => Array.from({ length: count }, (_, step) => schedule(step));

describe("poly(options)", () => {
  test("rises by equal steps, then falls by the power of what remains, and stays", () => {
    const came = rates(optim.poly({ from: 0.5, power: 2, steps: 9, warmup: 3 }), 12);
    const fall = Array.from({ length: 6 }, (_, t) => 0.5 * (1 - t / 6) ** 2);
    expectClose(came, [0.125, 0.25, 0.375, ...fall, 0, 0, 0], { absolute: 1e-15, relative: 1e-15 });
    expect([came[3], came[9]]).toEqual([0.5, 0]);
  });

  test("has the power 0.9 and no warm-up by default", () => {
    expectClose(rates(optim.poly({ from: 1, steps: 4 }), 6), [1, 0.75 ** 0.9, 0.5 ** 0.9, 0.25 ** 0.9, 0, 0], { absolute: 1e-15 });
  });

  test("refuses options and steps that make no sense", () => {
    const make = (options: object) => () => optim.poly({ from: 1, steps: 5, ...options });
    expectError(make({ power: -1 }), "option", /^poly\(options\): power is -1, expected a finite number from 0/);
    expectError(make({ from: Number.NaN }), "option", /from is NaN/);
    expectError(make({ steps: undefined }), "option", /steps is null/);
    expectError(make({ warmup: -1 }), "option", /warmup is -1/);
    expectError(make({ to: 1 }), "option", /has no option "to"; it knows from, power, steps, warmup/);
    expectError(() => optim.poly({ from: 1, steps: 5 })(1.5), "option", /step is 1\.5, expected an integer/);
  });
});
