import { expect, test } from "vitest";
import { lengths } from "../../../helpers/lengths.js";
import { marginKinds, someLabels } from "../../../helpers/margins.js";
import { f32, putF32, putI8, room, stages } from "../../../helpers/stages.js";

const marginsOf = (logits: Float32Array, labels: Int8Array) =>
  logits.map((x, i) => (labels[i] < 0 ? Number.POSITIVE_INFINITY : labels[i] === 1 ? x : -x));

test.each(Object.entries(marginKinds))("scanRange of logits: %s", (_, make) => {
  for (const n of lengths) {
    const [logits, labels] = [make(n), someLabels(n)];
    const margins = marginsOf(logits, labels);
    const out = room(4 * (n + 4));
    expect(Boolean(stages.scanRange(putF32(logits), putI8(labels), n, out))).toBe(true);
    expect(f32(out, n).every((margin, i) => margin === margins[i])).toBe(true);
    const most = (kept: number[]) => kept.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const all = [...margins];
    expect(stages.rangePositives()).toBe(labels.filter((label) => label === 1).length);
    expect(stages.rangeLeast() + 0).toBe(Math.min(...all, Number.POSITIVE_INFINITY) + 0);
    expect(stages.rangeMostPositive() + 0).toBe(most(all.filter((_, i) => labels[i] === 1)) + 0);
    expect(stages.rangeMostSorted() + 0).toBe(most(all.filter((margin) => margin < 1)) + 0);
  }
});

test("scanRange refuses NaN where it is not ignored, and takes infinity", () => {
  for (const n of [1, 3, 4, 5, 9]) {
    for (let at = 0; at < n; at++) {
      const logits = new Float32Array(n);
      const labels = new Int8Array(n);
      logits[at] = Number.NEGATIVE_INFINITY;
      expect(Boolean(stages.scanRange(putF32(logits), putI8(labels), n, 0))).toBe(true);
      logits[at] = Number.NaN;
      expect(Boolean(stages.scanRange(putF32(logits), putI8(labels), n, 0))).toBe(false);
      labels[at] = -1;
      expect(Boolean(stages.scanRange(putF32(logits), putI8(labels), n, 0))).toBe(true);
    }
  }
});

test("scanRange says whether margins are tiny, and roundMargins makes those equal that leave equal errors", () => {
  const logits = Float32Array.of(1e-20, 2e-17, 0, 0.25, -1e-18);
  stages.scanRange(putF32(logits), putI8(Int8Array.of(1, 1, 1, 1, 1)), 5, 0);
  expect(Boolean(stages.rangeHasTiny())).toBe(true);
  const margins = putF32(logits);
  stages.roundMargins(margins, 5);
  expect([...f32(margins, 5)].map((margin) => 1 - margin)).toEqual([...logits].map((margin) => 1 - margin));
  expect(new Set(f32(margins, 5)).size).toBe(2);
  stages.scanRange(putF32([0.5, 1, 0]), putI8(Int8Array.of(1, 0, 1)), 3, 0);
  expect(Boolean(stages.rangeHasTiny())).toBe(false);
});

test("bucketKey falls as the margin rises", () => {
  const margins = [...normalsSorted()];
  const keys = margins.map((margin) => stages.bucketKey(margin) >>> 0);
  expect(keys.every((key, i) => i === 0 || key <= keys[i - 1])).toBe(true);
});

const normalsSorted = () =>
  marginKinds["of many sizes"](500)
    .filter((margin) => margin < 1)
    .sort();
