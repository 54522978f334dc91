import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { extension, lossOf } from "../../../src/fuzz/reference/extension.js";
import { jaccardLoss } from "../../../src/fuzz/reference/jaccard.js";
import { subgradientFault } from "../../../src/fuzz/reference/subgradient.js";
import type { Term } from "../../../src/fuzz/reference/term.js";
import { expectClose } from "../../helpers/closeTo.js";
import { extension as oracle } from "../../oracle/extension.js";

const termOf = (errors: number[], foreground: number[]): Term => ({
  share: 1,
  at: Int32Array.from(errors, (_, k) => k),
  foreground: Uint8Array.from(foreground),
  errors: Float64Array.from(errors),
  rounding: new Float64Array(errors.length),
  derivatives: Float64Array.from(foreground, (fg) => 1 - 2 * fg),
  least: new Int8Array(errors.length).fill(1),
  most: new Int8Array(errors.length).fill(1),
});

const pixels = fc.array(fc.tuple(fc.constantFrom(0.25, 0.5, 1, 2), fc.constantFrom(0, 1)), { minLength: 1, maxLength: 6 });

const termOfPixels = (list: readonly (readonly [number, number])[]) =>
  termOf(
    list.map(([error]) => error),
    list.map(([, fg]) => fg),
  );

/** Whether s is a subgradient of the extension at the errors, from the definition: every subset of pixels is looked at. */
function isSubgradient(s: readonly number[], { errors, foreground }: Term): boolean {
  const P = foreground.reduce((a, b) => a + b, 0);
  let value = 0;
  for (let set = 0; set < 1 << s.length; set++) {
    const inside = s.flatMap((_, k) => ((set >> k) & 1 ? [k] : []));
    const missed = inside.filter((k) => foreground[k]).length;
    const sum = inside.reduce((total, k) => total + s[k], 0);
    const loss = jaccardLoss(inside.length - missed, missed, P);
    if (sum > loss + 1e-9) return false;
    if (inside.length === s.length && Math.abs(sum - loss) > 1e-9) return false;
  }
  s.forEach((derivative, k) => {
    value += derivative * errors[k];
  });
  return Math.abs(value - extension({ errors, foreground })) < 1e-9;
}

describe("extension(term)", () => {
  test("is the extension of the definition by sorting", () => {
    fc.assert(
      fc.property(pixels, (list) => {
        const { value } = oracle(
          list.map(([error]) => error),
          list.map(([, fg]) => fg),
        );
        expectClose([lossOf([termOfPixels(list)])], [value], { absolute: 1e-12, relative: 1e-12 });
      }),
    );
  });
});

describe("subgradientFault(how, term, gradient)", () => {
  // between the gradients of two orders of the ties, and beyond them
  const mixtures = fc.tuple(pixels, fc.integer(), fc.integer(), fc.constantFrom(0, 0.25, 0.5, 1, 1.25, 2, -0.25));

  test("accepts just the points of the base polytope that are greatest at the errors", () => {
    let [accepted, refused] = [0, 0];
    fc.assert(
      fc.property(mixtures, ([list, first, second, t]) => {
        const term = termOfPixels(list);
        const [a, b] = [first, second].map((salt) => greedy(term, salt));
        const s = a.map((derivative, k) => (1 - t) * derivative + t * b[k]);
        const fault = subgradientFault(
          { kind: "hinge" },
          term,
          s.map((derivative, k) => derivative * term.derivatives[k]),
        );
        const right = isSubgradient(s, term);
        if (right) accepted++;
        else refused++;
        expect(fault === null).toBe(right);
      }),
      { numRuns: 3000 },
    );
    expect(Math.min(accepted, refused)).toBeGreaterThan(100);
  });

  test("takes errors that float32 cannot tell apart for tied, not those it can", () => {
    const gradient = [-0.5, 0.5];
    expect(subgradientFault({ kind: "hinge" }, termOf([1 + 1e-7, 1], [0, 1]), [0, -1])).toBeNull();
    expect(subgradientFault({ kind: "hinge" }, termOf([1 + 1e-7, 1], [0, 1]), [0.5, -0.5])).toBeNull();
    expect(subgradientFault({ kind: "hinge" }, termOf([1 + 1e-5, 1], [0, 1]), [0.5, -0.5])).toBeNull();
    expect(subgradientFault({ kind: "hinge" }, termOf([1 + 1e-5, 1], [0, 1]), [0, -1])).toMatch(/^grad\[0\] is 0, expected 0.5$/);
    expect(subgradientFault({ kind: "hinge" }, termOf([1, 1], [0, 1]), gradient)).toMatch(/^grad\[0\] is -0.5, expected at least 0/);
    expect(subgradientFault({ kind: "hinge" }, termOf([1, 1], [0, 1]), [0.6, -0.4])).toMatch(
      /^grad\[0\] = 0.6 is 0.6 along their errors, expected at most 0.5 of these among 2 pixels of equal error$/,
    );
  });

  test("at a kink of the hinge takes any part of the derivative, beyond it none", () => {
    const at = (margin: number) => ({
      ...termOf([0], [1]),
      least: Int8Array.of(0),
      most: Int8Array.of(margin > 1 ? 0 : 1),
    });
    for (const derivative of [0, -0.3, -1]) expect(subgradientFault({ kind: "hinge" }, at(1), [derivative])).toBeNull();
    for (const derivative of [0.1, -1.1]) expect(subgradientFault({ kind: "hinge" }, at(1), [derivative])).toMatch(/^grad\[0\]/);
    expect(subgradientFault({ kind: "hinge" }, at(2), [-0.1])).toBe("grad[0] is -0.1, expected 0, as its margin is beyond 1");
  });
});

/** The derivatives of one order of the pixels, in which tied ones stand as `salt` says. */
function greedy({ errors, foreground }: Term, salt: number): number[] {
  const lot = (k: number) => Math.imul(salt ^ (k * 0x9e3779b9), 0x85ebca6b);
  const order = [...errors.keys()].sort((i, j) => errors[j] - errors[i] || lot(i) - lot(j));
  const P = foreground.reduce((a, b) => a + b, 0);
  const s = new Array<number>(errors.length).fill(0);
  let [fp, fn] = [0, 0];
  for (const k of order) {
    const before = jaccardLoss(fp, fn, P);
    if (foreground[k]) fn++;
    else fp++;
    s[k] = jaccardLoss(fp, fn, P) - before;
  }
  return s;
}
