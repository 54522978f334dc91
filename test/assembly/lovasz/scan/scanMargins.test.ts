import { expect, test } from "vitest";
import { expectClose } from "../../../helpers/closeTo.js";
import { lengths } from "../../../helpers/lengths.js";
import { marginKinds } from "../../../helpers/margins.js";
import { integers } from "../../../helpers/random.js";
import { f32, room, stages } from "../../../helpers/stages.js";
import { extension, jaccardSet } from "../../../oracle/extension.js";

// margins in order, as sorted records: pixel i is the i-th
function recordsOf(margins: Float32Array, labels: ArrayLike<number>): number {
  const n = margins.length;
  const pointer = room(8 * n + 64);
  const words = new Uint32Array(stages.memory.buffer, pointer, 2 * n);
  for (let i = 0; i < n; i++) words[2 * i] = 4 * i + labels[i];
  for (let i = 0; i < n; i++) f32(pointer, 2 * n)[2 * i + 1] = margins[i];
  return pointer;
}

test.each(Object.entries(marginKinds))("weighs sorted margins, distinct and tied: %s", (_, make) => {
  for (const n of [...lengths.filter((length) => length > 0), 3000]) {
    // as the sort leaves them: equal where errors are equal in float64, and without -0
    const margins = make(n)
      .map((margin) => 1 - (1 - Math.max(-1e6, Math.min(margin, 0.999))) + 0)
      .sort();
    for (const share of [0, 2, n]) {
      const labels = share === 0 ? new Int32Array(n) : share === n ? new Int32Array(n).fill(1) : integers(n, share, n);
      const positives = labels.reduce((a, b) => a + b, 0);
      stages.packNothing();
      stages.startCount(positives);
      const gradient = room(4 * n);
      f32(gradient, n).fill(0);
      // without positives, only the largest error is sorted
      const sorted = positives > 0 ? n : margins.filter((margin) => margin === margins[0]).length;
      const start = recordsOf(margins, labels);
      const loss = stages.scanMargins(start, start + 8 * sorted, 0.5, gradient);
      const errors = Array.from(margins, (margin) => 1 - margin);
      const expected = extension(errors, labels, jaccardSet);
      expectClose([loss], [expected.value], { absolute: 1e-6, relative: 1e-6 }, "loss");
      const weights = Array.from(expected.slopes, (weight, i) => 0.5 * weight * (labels[i] ? -1 : 1) || 0);
      const came = Array.from(f32(gradient, n));
      expectClose(came, weights, { absolute: 1e-7, relative: 1e-6 }, "gradient");
    }
  }
});

test("goes on where the scan before it ended", () => {
  const margins = marginKinds
    .normal(100)
    .map((margin) => Math.min(margin, 0.9))
    .sort();
  const labels = integers(100, 2, 3);
  const positives = labels.reduce((a, b) => a + b, 0);
  stages.packNothing();
  const scan = (cuts: number[]) => {
    stages.startCount(positives);
    const gradient = room(400);
    const start = recordsOf(margins, labels);
    let loss = 0;
    for (let i = 1; i < cuts.length; i++) loss += stages.scanMargins(start + 8 * cuts[i - 1], start + 8 * cuts[i], 1, gradient);
    return { loss, left: stages.intersection(), union: stages.union(), gradient: [...f32(gradient, 100)] };
  };
  const [whole, cut] = [scan([0, 100]), scan([0, 1, 40, 77, 100])];
  expectClose([cut.loss], [whole.loss], { absolute: 1e-7, relative: 1e-7 });
  expectClose(cut.gradient, whole.gradient, { absolute: 1e-8, relative: 1e-6 });
  expect([cut.left, cut.union]).toEqual([0, 100]);
  expect([whole.left, whole.union]).toEqual([0, 100]);
});
