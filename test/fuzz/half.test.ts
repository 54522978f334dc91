// Losses in half precision: right ones are not refused, and most broken ones are caught.
import { describe, expect, test } from "vitest";
import { checkLaw } from "../../src/fuzz/checkLoss.js";
import { checkLoss, type Kind, type LossUnderTest } from "../../src/fuzz/index.js";
import { type LawName, lawsOf } from "../../src/fuzz/laws/index.js";
import { KINDS } from "../../src/fuzz/lossCase.js";
import { toHalf } from "../../src/fuzz/precision.js";
import { MUTANTS } from "./mutants.js";
import { answersInHalf, RIGHT_HALF } from "./rightHalf.js";
import { SCORE_MUTANTS } from "./scoreMutants.js";

const precision = "float16";

// npm run fuzz -- --right goes further
describe.each(Object.keys(RIGHT_HALF))("a right loss in half precision, %s, keeps every law", (style) => {
  test.each(KINDS)("of kind %s", async (kind) => {
    const { laws } = await checkLoss(RIGHT_HALF[style](kind), { kind, runs: 10, seed: 5, precision });
    expect(laws.filter(({ ok }) => !ok)).toEqual([]);
  });
});

test.each(KINDS)("all values are halves, in every law and while a case is shrunk: %s", async (kind) => {
  let [calls, stray] = [0, 0];
  const loss: LossUnderTest = (values) => {
    calls += 1;
    if (values.some((value) => toHalf(value) !== value || Math.abs(value) > 1e4)) stray += 1;
    // wrong at times, so that cases are shrunk
    return { value: values.length % 7 === 0 ? 9 : 0.5, grad: values.map(() => 0) };
  };
  const { laws } = await checkLoss(loss, { kind, runs: 30, seed: 2, precision });
  expect({ stray, ok: calls > 300 }).toEqual({ stray: 0, ok: true });
  const broken = laws.find(({ law, ok }) => law !== "answersNumbers" && !ok)!;
  expect(broken.example).toMatchObject({ precision });
  expect(broken.counterexample).toContain('\n  precision: "float16",\n');
});

test("a loss in half precision is refused where it should compute in float32", async () => {
  const { ok } = await checkLoss(RIGHT_HALF["all in half"]("sigmoid"), { kind: "sigmoid", runs: 30, seed: 1 });
  expect(ok).toBe(false);
});

test("images have up to 256 pixels, as many as 1024 where maxPixels says so, and no more", async () => {
  const most = async (maxPixels?: number) => {
    let pixels = 0;
    const loss: LossUnderTest = (values, _, { shape }) => {
      pixels = Math.max(pixels, values.length / shape[0]);
      return { value: 0, grad: values.map(() => 0) };
    };
    await checkLaw(loss, "answersNumbers", "hinge", { runs: 200, seed: 1, settings: { precision, maxPixels } });
    return pixels;
  };
  expect(await most()).toBe(256);
  expect(await most(1024)).toBe(1024);
  const loss: LossUnderTest = (values) => ({ value: 0, grad: values });
  await expect(checkLoss(loss, { kind: "hinge", precision, maxPixels: 1025 })).rejects.toThrow(/maxPixels is 1025, expected .* 1 to 1024/);
  await expect(checkLoss(loss, { kind: "hinge", precision: "half" as "float16" })).rejects.toThrow(
    /precision is "half", expected "float32" or "float16"/,
  );
});

const FIRST: readonly LawName[] = ["hasSubgradient", "isExtension", "hasDerivative", "isScoreAtCorners", "keepsInputs", "keepsNoState"];

async function isCaught(kind: Kind, loss: () => LossUnderTest): Promise<boolean> {
  const own = lawsOf(kind);
  const laws = [...FIRST.filter((law) => own.includes(law)), ...own.filter((law) => !FIRST.includes(law))];
  for (const law of laws) {
    const settings = { precision, maxPixels: 64 } as const;
    if (!(await checkLaw(answersInHalf(loss()), law, kind, { runs: 20, seed: 1, settings, shrink: false })).ok) return true;
  }
  return false;
}

// wrong by less than half rounds, or in larger images only
const FINE = /bits|thousand|percent|digits|1e-3|text|million|float16|\d\d+(th|) (pixels|values|on)|256/;

// of all 980, 875 are caught in 200 runs of up to 256 pixels
test("of every fifth broken loss, nearly all are caught in half precision", { timeout: 60_000 }, async () => {
  const some = [...MUTANTS, ...SCORE_MUTANTS].filter(({ name }) => !FINE.test(name)).filter((_, i) => i % 5 === 0);
  const survivors = [];
  for (const { name, kind, loss } of some) if (!(await isCaught(kind, loss))) survivors.push(`${kind}: ${name}`);
  expect(survivors.length).toBeLessThan(0.05 * some.length);
});
