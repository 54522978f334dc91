import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ErrorKind, unfit, writeKeys } from "../../../src/device/gpu/keys.js";

function keyOf(kind: ErrorKind, value: number, label: number): number {
  const key = new Float32Array(1);
  writeKeys(kind, Float32Array.of(value), Int32Array.of(label), key);
  return key[0];
}

// larger where the error is, and exact: margins say more than float64 errors do
const errorOrder: Record<ErrorKind, (value: number, label: number) => number> = {
  hinge: (value, label) => Math.max(0, 1 - (label ? value : -value)),
  sigmoid: (value, label) => Math.max(-128, Math.min(128, label ? -value : value)),
  probability: (value, label) => (label ? 1 - Math.max(0, Math.min(1, value)) : Math.max(0, Math.min(1, value))),
};

const finite = fc.float({ noNaN: true, noDefaultInfinity: true });
const ordinary = fc.double({ min: -3, max: 3, noNaN: true }).map(Math.fround);
// most doubles are tiny: others besides, whose complements are exact
const shares = fc.oneof(
  fc.double({ min: -1e-5, max: 1 + 1e-5, noNaN: true }).map(Math.fround),
  fc.integer({ min: 0, max: 2 ** 24 }).map((k) => k / 2 ** 24),
);
const label = fc.constantFrom(0, 1);

const steps = fc.integer({ min: -2, max: 2 });

// the value that with the other label has the same error
const mirrored = (kind: ErrorKind, value: number) => Math.fround(kind === "probability" ? 1 - value : -value);

const pairs = (kind: ErrorKind, values: fc.Arbitrary<number>) =>
  fc.oneof(
    fc.tuple(values, label, values, label),
    fc.tuple(values, label, steps).map(([x, a, by]) => [x, a, next(mirrored(kind, x), by), 1 - a] as const),
    // neighbours, on either side
    fc.tuple(values, label, steps, label).map(([x, a, by, b]) => [x, a, next(x, by), b] as const),
  );

function next(value: number, steps: number): number {
  const bits = new Int32Array(Float32Array.of(value).buffer);
  bits[0] += steps;
  const moved = new Float32Array(bits.buffer)[0];
  return Number.isFinite(moved) ? moved : value;
}

describe("writeKeys(kind, values, labels, keys)", () => {
  test.each<[ErrorKind, fc.Arbitrary<number>]>([
    ["hinge", fc.oneof(finite, ordinary)],
    ["sigmoid", fc.oneof(finite, ordinary)],
    ["probability", shares],
  ])("orders %s errors as float64 does, and ties where it does", (kind, values) => {
    fc.assert(
      fc.property(pairs(kind, values), ([x, a, y, b]) => {
        fc.pre(unfit(kind, Float32Array.of(x, y), Int32Array.of(a, b)) === "");
        const [one, other] = [keyOf(kind, x, a), keyOf(kind, y, b)].map(Math.abs);
        const [exact, exactOther] = [errorOrder[kind](x, a), errorOrder[kind](y, b)];
        // the codes of probabilities tell complements apart that float64 rounds to one or to neighbours, but nothing below 2^-57
        const roundsNone = [x, y].every((p) => Number.isInteger(p * 2 ** 24));
        if (kind === "probability" && !roundsNone && Math.abs(exact - exactOther) < 2 ** -52) return;
        expect([one < other, one > other]).toEqual([exact < exactOther, exact > exactOther]);
      }),
      { numRuns: 20_000 },
    );
  });

  test("makes normal numbers, positive in the foreground, and 0 for ignored pixels", () => {
    const extremes = [0, -0, 1, -1, 1e-45, -1e-45, 3.4e38, -3.4e38, 0.5, 1 - 2 ** -24];
    for (const kind of ["hinge", "sigmoid", "probability"] as const) {
      for (const value of extremes) {
        for (const label of [0, 1]) {
          const key = keyOf(kind, value, label);
          expect(Math.sign(key)).toBe(label === 1 ? 1 : -1);
          expect(Math.abs(key)).toBeGreaterThanOrEqual(2 ** -125);
          expect(Math.abs(key)).toBeLessThan(2 ** 127);
        }
      }
      expect(keyOf(kind, Number.NaN, -1)).toBe(0);
    }
  });
});

describe("unfit(kind, values, labels)", () => {
  test("names what keys cannot stand for, in pixels that are not ignored", () => {
    const at = (kind: ErrorKind, value: number, label = 1) => unfit(kind, Float32Array.of(value), Int32Array.of(label));
    expect(at("hinge", Number.POSITIVE_INFINITY)).toMatch(/infinite/);
    expect(at("hinge", Number.POSITIVE_INFINITY, -1)).toBe("");
    expect(at("hinge", 1e-40)).toBe("");
    expect(at("sigmoid", 1e-40)).toMatch(/next to 0/);
    expect(at("sigmoid", Number.NEGATIVE_INFINITY)).toBe("");
    expect(at("probability", 1e-40)).toBe("");
  });
});
