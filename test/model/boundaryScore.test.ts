import { expect, test } from "vitest";
import { boundaryIou } from "../../src/index.js";
import { BoundaryScore } from "../../src/model/boundaryScore.js";
import { IGNORED } from "../../src/model/ignored.js";
import { binaryTask, multiclassTask } from "../../src/model/task.js";

/** Blocks of `classes` classes, 6 pixels wide and high, moved by `shift`. */
function blocks(width: number, height: number, classes: number, shift: number): Uint8Array {
  return Uint8Array.from({ length: width * height }, (_, i) => {
    return (Math.floor(((i % width) + shift) / 6) + Math.floor(i / width / 6)) % classes;
  });
}

test("counts contours of all pictures together, each by its own size", () => {
  const score = new BoundaryScore(binaryTask);
  const sizes = [
    { width: 24, height: 18 },
    // 0.02 of its diagonal is 3 pixels, of which the blocks have none inside
    { width: 120, height: 90 },
  ];
  let [intersection, union] = [0, 0];
  for (const { width, height } of sizes) {
    const [p, t] = [blocks(width, height, 2, 1), blocks(width, height, 2, 0)];
    score.add(p, t, { width, height });
    const [pictures, plain] = [boundaryIou(p, t, { shape: [height, width] }), score.counts()[1]];
    const here = { intersection: plain.intersection - intersection, union: plain.union - union };
    expect(here.intersection / here.union).toBe(pictures);
    [intersection, union] = [plain.intersection, plain.union];
  }
  expect(score.iou()).toBe(intersection / union);
});

test("leaves out ignored pixels", () => {
  const score = new BoundaryScore(binaryTask);
  score.add(Uint8Array.of(1, 1, 1, 0), Uint8Array.of(1, IGNORED, 0, 0), { width: 4, height: 1 });
  expect(score.counts()).toEqual([
    { intersection: 1, union: 2 },
    { intersection: 1, union: 2 },
  ]);
});

test("of several classes it is the mean over those there are", () => {
  const score = new BoundaryScore(multiclassTask(5));
  const [p, t] = [blocks(24, 18, 3, 1), blocks(24, 18, 3, 0)];
  score.add(p, t, { width: 24, height: 18 });
  const [a, b, c, ...absent] = boundaryIou(p, t, { shape: [18, 24], classes: 5, empty: -1 });
  expect(absent).toEqual([-1, -1]);
  expect(score.iou()).toBeCloseTo((a + b + c) / 3, 14);
});

test("nothing to be found, and nothing found, is right", () => {
  for (const task of [binaryTask, multiclassTask(3)]) {
    const score = new BoundaryScore(task);
    expect(score.iou()).toBe(1);
    score.add(new Uint8Array(4), new Uint8Array(4), { width: 2, height: 2 });
    expect(score.iou()).toBe(1);
  }
});
