// Both sorts of margins, by buckets and by all bits, do the same.
import { describe, expect, test } from "vitest";
import { lengths } from "../../../helpers/lengths.js";
import { marginKinds, someLabels } from "../../../helpers/margins.js";
import { marginRecords, putF32, putI8, sortScratch, stages } from "../../../helpers/stages.js";

type Sort = (margins: number, labels: number, n: number, most: number, scratch: [number, number, number]) => number;

const sorts: Record<string, Sort> = {
  bucketSort: (margins, labels, n, most, [records, scratch, counters]) =>
    stages.sortMargins(margins, labels, n, leastOf(margins, n), most, records, scratch, counters) >>> 0,
  radixSort: (margins, labels, n, most, [records, scratch]) => {
    stages.packNothing();
    return stages.radixSort(margins, labels, n, most, records, scratch) >>> 0;
  },
};

const leastOf = (margins: number, n: number) => new Float32Array(stages.memory.buffer, margins, n).reduce((a, b) => Math.min(a, b));

describe.each(Object.entries(sorts))("%s", (_, sort) => {
  test.each(Object.entries(marginKinds))("of margins: %s", (_, make) => {
    for (const n of [...lengths.filter((length) => length > 0), 1000, 5000]) {
      const labels = someLabels(n);
      const margins = make(n).map((margin, i) => (labels[i] < 0 ? Number.POSITIVE_INFINITY : Math.min(margin, 0.999)));
      const sortable = [...margins].filter((margin) => margin < 1).sort((a, b) => a - b);
      // all of them, and up to one of them
      for (const most of [sortable.at(-1), sortable[sortable.length >> 1]]) {
        if (most === undefined) continue;
        // beyond the last whole four there is nothing to sort
        const pointer = putF32([...margins, ...[0, 0, 0, 0].map(() => Number.POSITIVE_INFINITY)]);
        const at = sort(pointer, putI8([...labels, -1, -1, -1, -1]), n, most, sortScratch(n));
        const records = marginRecords(at, stages.sortedCount());
        const expected = sortable.filter((margin) => margin <= most);
        expect(records.map(({ margin }) => margin + 0)).toEqual(expected.map((margin) => margin + 0));
        expect(records.every(({ margin, pixel, label }) => margins[pixel] === margin && label === labels[pixel])).toBe(true);
        expect(new Set(records.map(({ pixel }) => pixel)).size).toBe(expected.length);
      }
    }
  });
});

test("isClustered tells margins that share buckets from others", () => {
  const n = 1 << 14;
  const [counters] = sortScratch(n).slice(2);
  const judge = (margins: Float32Array) => {
    const least = Math.min(...margins);
    const key = stages.bucketKey(least) >>> 0;
    const span = 32 - Math.clz32(key - (stages.bucketKey(0.999) >>> 0));
    return Boolean(stages.isClustered(putF32(margins), n, 0.999, key, span - 17, counters));
  };
  expect(judge(marginKinds.normal(n))).toBe(false);
  // one far margin leaves all others in a few buckets
  expect(judge(marginKinds.clustered(n).map((margin, i) => (i === 0 ? -1e9 : margin)))).toBe(true);
  expect(judge(marginKinds["on a grid"](n))).toBe(true);
});
