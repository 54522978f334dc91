// From keys to sorted records: the range scan, the gathering, the sort, and what tells ties apart.
import { expect, test } from "vitest";
import { lengths } from "../../../helpers/lengths.js";
import { integers, normals } from "../../../helpers/random.js";
import { putF32, putF64, putTask, putU32, room, sortScratch, stages } from "../../../helpers/stages.js";

const NONE = 0xffffffff;

const records = (pointer: number, n: number) =>
  Array.from({ length: n }, (_, i) => {
    const at = pointer + 8 * i;
    return { key: stages.keyAt(at) >>> 0, pixel: stages.pixelAt(at), label: stages.labelAt(at) };
  });

// keys of two classes in `images` images, of which the second class is the one to sort
function setting(images: number, pixels: number, span: number, seed: number) {
  const n = images * pixels;
  const labels = integers(n, 3, seed).map((label) => label - 1);
  const keys = Uint32Array.from(integers(2 * n, span, seed + 1), (key) => 1e9 + key);
  const own = (i: number) => (Math.floor(i / pixels) * 2 + 1) * pixels + (i % pixels);
  for (let i = 0; i < n; i++) if (labels[i] < 0) keys[own(i)] = NONE;
  const [sorted, scratch, counters] = sortScratch(n);
  const fields = { labels: putU32(labels), records: sorted, scratch, counters, images, classes: 2, pixels, positive: 1 };
  return { n, labels, keyOf: (i: number) => keys[own(i)], pointer: putU32(keys) + 4 * pixels, fields };
}

test.each([3, 1000, 2 ** 20])("records of keys within %i, in order", (span) => {
  for (const pixels of [...lengths.filter((length) => length > 0), 3000]) {
    const { n, labels, keyOf, pointer, fields } = setting(2, pixels, span, pixels);
    const task = putTask(fields);
    stages.scanKeyRange(task, pointer, 8 * pixels);
    const positives = [...Array(n).keys()].filter((i) => labels[i] === 1);
    const kept = [...Array(n).keys()].filter((i) => labels[i] >= 0);
    expect(stages.keyPositives()).toBe(positives.length);
    if (kept.length === 0) continue;
    const least = Math.min(...kept.map(keyOf));
    const most = positives.length > 0 ? Math.max(...positives.map(keyOf)) : least;
    expect([stages.leastKey() >>> 0, stages.mostKey() >>> 0]).toEqual([least, most]);
    const count = stages.gather(task, pointer, 8 * pixels);
    const expected = kept.filter((i) => keyOf(i) <= most);
    expect(records(fields.records, count)).toEqual(expected.map((i) => ({ key: keyOf(i) - least, pixel: i, label: labels[i] })));
    const came = records(stages.sortKeys(task, count) >>> 0, count);
    expect(came.map(({ key }) => key)).toEqual(expected.map((i) => keyOf(i) - least).sort((a, b) => a - b));
    expect(came.every(({ key, pixel, label }) => key === keyOf(pixel) - least && label === labels[pixel])).toBe(true);
    expect(new Set(came.map(({ pixel }) => pixel)).size).toBe(count);
  }
});

test("weighted pixels are all kept, as are all where false negatives weigh nothing", () => {
  const { n, labels, pointer, fields } = setting(1, 200, 1000, 7);
  for (const more of [{ weights: putF32(normals(n)) }, { beta: 0 }]) {
    const task = putTask({ ...fields, ...more });
    stages.scanKeyRange(task, pointer, 0);
    expect(stages.gather(task, pointer, 0)).toBe(labels.filter((label) => label >= 0).length);
  }
});

// records of one key, one for each pixel
function tied(n: number, labels: ArrayLike<number>): number {
  const pointer = room(8 * n);
  const words = new Uint32Array(stages.memory.buffer, pointer, 2 * n);
  for (let i = 0; i < n; i++) words[2 * i] = 2 * i + labels[i];
  return pointer;
}

test.each([1, 2, 31, 33, 500])("sortHingeTies orders %i records by their margins", (n) => {
  const [logits, labels] = [normals(n, n), integers(n, 2, n)];
  const { fields } = setting(1, n, 2, 1);
  const task = putTask({ ...fields, values: putF32(logits) });
  // as the sort before leaves its scratch
  stages.scanKeyRange(task, putU32(new Uint32Array(n)), 0);
  stages.sortKeys(task, 0);
  const start = tied(n, labels);
  stages.sortHingeTies(task, start, start + 8 * n);
  const came = Array.from({ length: n }, (_, i) => start + 8 * i);
  const margins = came.map((at) => (labels[stages.pixelAt(at)] ? 1 : -1) * logits[stages.pixelAt(at)]);
  expect(margins).toEqual([...margins].sort((a, b) => a - b));
  expect(came.map((at) => stages.marginError(stages.marginKeyAt(at)))).toEqual(margins.map((margin) => 1 - Math.fround(1 - (1 - margin))));
  expect(new Set(came.map((at) => stages.pixelAt(at))).size).toBe(n);
});

test("sortSoftmaxTies orders records by errors in float64, largest first, and tells which are equal", () => {
  // two classes: the second logit is 0, so that p of class 0 is the sigmoid of the first
  const logits = Float32Array.of(-20, -20.000002, -19.99999, -20, -20.000001);
  const n = logits.length;
  const task = putTask({
    ...{ values: putF32([...logits, ...logits.map(() => 0)]), otherSums: putF64(Float64Array.from(logits, Math.exp)) },
    ...{ argmax: putU32(logits.map(() => 1)), classes: 2, pixels: n, positive: 0 },
  });
  const start = tied(n, new Uint8Array(n));
  expect(Boolean(stages.sortSoftmaxTies(task, start, start + 8 * n, true))).toBe(true);
  const came = Array.from({ length: n }, (_, i) => logits[stages.pixelAt(start + 8 * i)]);
  expect(came).toEqual([...logits].sort((a, b) => b - a));
  const ties = came.slice(1).map((_, i) => Boolean(stages.isExactTie(8 * i, 8 * (i + 1))));
  expect(ties).toEqual(came.slice(1).map((logit, i) => logit === came[i]));
  expect(Boolean(stages.sortSoftmaxTies(task, start, start + 8 * 33, true))).toBe(false);
});
