import { expect, test, vi } from "vitest";
import { type LossCase, type LossUnderTest, laws } from "../../../src/fuzz/index.js";
import { plainScore } from "../plainScore.js";

const labels = Int32Array.of(1, 1, 0, 0, 1, 0);
const corner = (kind: LossCase["kind"], salt: number): LossCase => ({
  kind,
  values: new Float32Array(6),
  labels,
  options: { shape: [1, 2, 3] },
  salt,
});
const salts = Array.from({ length: 40 }, (_, salt) => salt);

test("isScoreAtCorners asks for logits of 40 and -40, at times right at every pixel", async () => {
  const loss = vi.fn<LossUnderTest>(plainScore("jaccard"));
  for (const salt of salts) await laws.isScoreAtCorners(loss, corner("jaccard", salt));
  const asked = loss.mock.calls.map(([values]) => [...values]);
  expect(asked.flat().every((value) => Math.abs(value) === 40)).toBe(true);
  expect(asked).toContainEqual([...labels].map((label) => (label === 1 ? 40 : -40)));
});

test("isScoreAtCorners refuses the Jaccard loss for that of Dice, where their counts tell them apart", async () => {
  const refused = await Promise.all(
    salts.map((salt) =>
      laws.isScoreAtCorners(plainScore("jaccard"), corner("dice", salt)).then(
        () => false,
        () => true,
      ),
    ),
  );
  expect(refused).toContain(true);
  // where all is right, both are 0
  expect(refused).toContain(false);
});
