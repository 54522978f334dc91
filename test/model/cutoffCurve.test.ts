import { expect, test } from "vitest";
import { bestOf, CutoffCurve } from "../../src/model/cutoffCurve.js";
import { logitOf } from "../../src/model/logitOf.js";
import { Score } from "../../src/model/score.js";
import { binaryTask } from "../../src/model/task.js";
import { uniform } from "../../src/random.js";

/** Two pictures of random logits and labels, with logits at cut-offs, next to them, and far from all. */
function pictures(): [Float32Array, Uint8Array][] {
  const next = uniform(5);
  return [1, 2].map(() => {
    const logits = Float32Array.from({ length: 500 }, () => 8 * (next() - 0.5));
    logits.set([
      0,
      -0,
      1e-45,
      -1e-45,
      logitOf(0.3),
      logitOf(0.95),
      logitOf(0.05),
      90,
      -90,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ]);
    return [logits, Uint8Array.from(logits, (logit) => (next() < 0.1 ? 255 : next() < 1 / (1 + Math.exp(-logit)) ? 1 : 0))];
  });
}

test("is at each cut-off what the predictions with that cut-off score, to the last digit", () => {
  const curve = new CutoffCurve();
  for (const [logits, labels] of pictures()) curve.add(logits, labels);
  const expected = Array.from({ length: 19 }, (_, i) => {
    const cutoff = Number(((i + 1) * 0.05).toFixed(2));
    const score = new Score(binaryTask);
    for (const [logits, labels] of pictures()) score.add(binaryTask.decide(logits, labels.length, logitOf(cutoff)), labels);
    return { cutoff, iou: score.scores().iou };
  });
  expect(curve.points()).toEqual(expected);
  // the score without a cut-off
  const score = new Score(binaryTask);
  for (const [logits, labels] of pictures()) score.add(binaryTask.decide(logits, labels.length), labels);
  expect(curve.points()[9]).toEqual({ cutoff: 0.5, iou: score.scores().iou });
});

test("is 1 where neither truth nor prediction has foreground", () => {
  const curve = new CutoffCurve();
  curve.add(Float32Array.of(-1, 3), Uint8Array.of(0, 255));
  expect(curve.points().map(({ iou }) => iou)).toEqual([...new Array(5).fill(0), ...new Array(14).fill(1)]);
});

test("the best is the highest, and of equal ones the nearest to 0.5", () => {
  const at = (...ious: number[]) => bestOf(ious.map((iou, i) => ({ cutoff: (i + 1) / 10, iou }))).cutoff;
  expect(at(0.1, 0.9, 0.2, 0.3, 0.3)).toBe(0.2);
  expect(at(0.5, 0.5, 0.5, 0.5, 0.5, 0.5)).toBe(0.5);
  expect(at(0.5, 0.5, 0.1, 0.1, 0.1)).toBe(0.2);
});
