import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { iou } from "../../../src/index.js";
import { BoundaryScore } from "../../../src/model/boundaryScore.js";
import { Score } from "../../../src/model/score.js";
import { multiclassTask } from "../../../src/model/task.js";
import { integers } from "../../helpers/random.js";

const built = existsSync(new URL("../../../build/js/cli/run/bootstrap.js", import.meta.url));
if (!built) console.warn("skipped: build/js is missing; npm run build makes it");
const { measure, measuresOf, summaryRows, differenceRows } = built
  ? await import("../../../bench/learning/measures.mjs")
  : ({} as typeof import("../../../bench/learning/measures.mjs"));

describe.skipIf(!built)("measure(folds, classes)", () => {
  test("is of the pictures of all folds together", () => {
    const task = multiclassTask(3);
    const [all, boundaries] = [new Score(task), new BoundaryScore(task)];
    const [p, t] = [integers(600, 3, 1), integers(600, 3, 2)].map((map) => Uint8Array.from(map));
    const size = { width: 10, height: 10 };
    const folds = [0, 2, 3].map((from, i) => {
      const [score, boundary] = [new Score(task), new BoundaryScore(task)];
      for (let one = from; one < [2, 3, 6][i]; one++) {
        const [predicted, labels] = [p, t].map((map) => map.subarray(100 * one, 100 * one + 100));
        for (const each of [score, all]) each.add(predicted, labels);
        for (const each of [boundary, boundaries]) each.add(predicted, labels, size);
      }
      return { confusion: score.confusion, boundaries: boundary.counts(), imageIoUs: score.imageIoUs };
    });
    const found = measure(folds, 3);
    expect(Object.keys(found)).toEqual(measuresOf(3));
    const { iou: expected, meanImageIoU } = all.scores();
    expect(found.IoU).toBeCloseTo(expected, 14);
    expect(found["mean image IoU"]).toBeCloseTo(meanImageIoU, 14);
    expect(found["boundary IoU"]).toBeCloseTo(boundaries.iou(), 14);
    expect(found["least class"]).toBeCloseTo(Math.min(...iou(p, t, 3)), 14);
  });

  test("is of the foreground where there are no classes", () => {
    const fold = { confusion: [[90, 4], [2, 4]], boundaries: [{ intersection: 1, union: 1 }, { intersection: 1, union: 4 }], imageIoUs: [0.2, 0.6] }; // biome-ignore format: one line
    expect(measure([fold, fold], null)).toEqual({ IoU: 0.4, "mean image IoU": 0.4, "boundary IoU": 0.25 });
  });

  test("is 1 of foreground that is not there and was not found", () => {
    const fold = { confusion: [[9, 0], [0, 0]], boundaries: [{ intersection: 1, union: 1 }, { intersection: 0, union: 0 }], imageIoUs: [1] }; // biome-ignore format: one line
    expect(measure([fold], null)).toEqual({ IoU: 1, "mean image IoU": 1, "boundary IoU": 1 });
  });
});

// differences of ours to bce: 2, 1, 3 points; to dice: -1, 0, 1; to hinge: -4, -5, -6
const scores = {
  bce: [{ IoU: 0.6 }, { IoU: 0.62 }, { IoU: 0.61 }],
  dice: [{ IoU: 0.63 }, { IoU: 0.63 }, { IoU: 0.63 }],
  ours: [{ IoU: 0.62 }, { IoU: 0.63 }, { IoU: 0.64 }],
  hinge: [{ IoU: 0.66 }, { IoU: 0.68 }, { IoU: 0.7 }],
};

describe.skipIf(!built)("summaryRows(scores)", () => {
  test("tells mean, standard deviation and worst seed of each loss", () => {
    expect(summaryRows(scores)).toEqual([
      { loss: "bce", IoU: "61.0 ± 1.0, worst 60.0" },
      { loss: "dice", IoU: "63.0 ± 0.0, worst 63.0" },
      { loss: "ours", IoU: "63.0 ± 1.0, worst 62.0" },
      { loss: "hinge", IoU: "68.0 ± 2.0, worst 66.0" },
    ]);
    expect(summaryRows({ bce: [{ IoU: 0.6 }] })).toEqual([{ loss: "bce", IoU: "60.0, worst 60.0" }]);
  });
});

describe.skipIf(!built)("differenceRows(scores, chosen)", () => {
  test("says ahead or behind only where the interval of the paired differences says so", () => {
    // twice the seeds of each
    const six = Object.fromEntries(Object.entries(scores).map(([loss, seeds]) => [loss, [...seeds, ...seeds]]));
    expect(differenceRows(six, "ours").map(({ against, IoU }) => [against, IoU.replace(/\[.*\] /, "")])).toEqual([
      ["bce", "+2.0 ahead"],
      ["dice", "+0.0 not distinguishable"],
      ["hinge", "-5.0 behind"],
    ]);
  });

  test("draws no conclusion from few seeds", () => {
    expect(differenceRows(scores, "ours")[0]).toEqual({ against: "bce", IoU: "+2.0 [+1.0, +3.0] too few seeds" });
    const two = { ours: [{ IoU: 0.62 }, { IoU: 0.63 }], bce: [{ IoU: 0.5 }, { IoU: 0.5 }] };
    expect(differenceRows(two, "ours")).toEqual([{ against: "bce", IoU: "+12.5 [+12.0, +13.0] too few seeds" }]);
  });
});
