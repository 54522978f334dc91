import { expect, test } from "vitest";
import { marginKinds, someLabels } from "../../../helpers/margins.js";
import { f32, i8, putF32, putI8, room, stages } from "../../../helpers/stages.js";

test.each(Object.entries(marginKinds))("a range partition of logits, and back: %s", (_, make) => {
  for (const n of [5, 1003, 150_001]) {
    const [logits, labels] = [make(n), someLabels(n)];
    const [x, y] = [putF32(logits), putI8(labels)];
    stages.scanRange(x, y, n, 0);
    const last = stages.rangeMostSorted();
    const ranges = stages.planRanges(x, y, n, last);
    const [rangeLogits, rangeLabels] = [room(4 * (n + 4)), room(n + 4)];
    stages.partition(x, y, n, rangeLogits, rangeLabels);
    const margin = (logit: number, label: number) => (label < 0 ? Number.POSITIVE_INFINITY : label === 1 ? logit : -logit);
    const sorted = [...logits].map((logit, i) => margin(logit, labels[i])).filter((one) => one <= last);
    const end = stages.startOf(ranges);
    expect(end).toBe(sorted.length);
    // ranges hold ascending margins, all of those that are sorted
    const came = [...f32(rangeLogits, end)].map((logit, i) => margin(logit, i8(rangeLabels, end)[i]));
    expect(Float64Array.from(came).sort()).toEqual(Float64Array.from(sorted).sort());
    let most = Number.NEGATIVE_INFINITY;
    for (let range = 0; range < ranges; range++) {
      const own = came.slice(stages.startOf(range), stages.startOf(range) + stages.sizeOf(range));
      const least = own.reduce((a, b) => Math.min(a, b));
      expect(least).toBeGreaterThanOrEqual(most);
      most = own.reduce((a, b) => Math.max(a, b));
      expect(stages.sizeOf(range)).toBeLessThanOrEqual(stages.largestRange(ranges));
    }
    // each pixel finds what stands where its logit was moved
    const gradient = room(4 * (n + 4));
    const moved = f32(rangeLogits, end).map((logit) => 2 * logit);
    f32(rangeLogits, end).set(moved);
    stages.restoreGradient(x, y, n, ranges, rangeLogits, gradient);
    const expected = logits.map((logit, i) => (margin(logit, labels[i]) <= last ? 2 * logit : 0));
    expect(f32(gradient, n).every((value, i) => value === expected[i])).toBe(true);
  }
});
