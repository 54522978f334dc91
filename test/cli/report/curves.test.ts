import { describe, expect, test } from "vitest";
import { curves, isBanded, longest } from "../../../src/cli/report/curves.js";
import { outcomesOf, training } from "../helpers/runs.js";

const epochs = (...ious: number[]) => ({ epochs: ious.map((iou, i) => ({ epoch: i + 1, loss: 1 - iou, iou })) });

describe("curves", () => {
  test("with one seed are the epochs and a line for each loss, null where it ended early", () => {
    const outcomes = outcomesOf([training("bce", epochs(0.25, 0.5)), training("dice", epochs(0.125))]);
    const [iou, loss] = curves(outcomes);
    expect(iou).toMatchObject({ id: "iou", fraction: true, data: [[1, 2], [0.25, 0.5], [0.125, null]] }); // biome-ignore format: one line
    expect(loss).toMatchObject({ id: "loss", fraction: false, data: [[1, 2], [0.75, 0.5], [0.875, null]] }); // biome-ignore format: one line
    expect([isBanded(outcomes), longest(outcomes)]).toEqual([false, 2]);
  });

  test("with several seeds are the mean, the lowest and the highest, over the seeds that have an epoch", () => {
    const seeds = [epochs(0.25, 0.5, 0.5), epochs(0.75, 0.75)].map((one, seed) => training("bce", { ...one, seed }));
    const outcomes = outcomesOf([...seeds, training("dice", epochs(0.125))]);
    expect(isBanded(outcomes)).toBe(true);
    expect(curves(outcomes)[0].data).toEqual([
      [1, 2, 3],
      ...[[0.5, 0.625, 0.5], [0.125, null, null]], // biome-ignore format: one line
      ...[[0.25, 0.5, 0.5], [0.125, null, null]], // biome-ignore format: one line
      ...[[0.75, 0.75, 0.5], [0.125, null, null]], // biome-ignore format: one line
    ]);
  });
});
