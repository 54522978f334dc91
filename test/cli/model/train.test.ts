import { describe, expect, test } from "vitest";
import type { NamedLoss } from "../../../src/cli/model/losses.js";
import { parseLosses } from "../../../src/cli/model/losses.js";
import { type Recipe, stepsOf, train, type Watcher } from "../../../src/cli/model/train.js";
import { LovaszError, memory, openDevice } from "../../../src/index.js";
import { binaryTask } from "../../../src/model/task.js";
import { noisePicture } from "../helpers/samples.js";

const recipe: Recipe = { task: binaryTask, epochs: 3, batch: 2, width: 2, lr: 0.01, seed: 1 };
const [bce] = parseLosses("bce", null);
const [training, validation] = [[1, 2, 3, 4, 5].map((seed) => noisePicture(8, 12, seed)), [noisePicture(8, 8, 9)]];
const device = await openDevice("wasm");
const silent: Watcher = { step: () => {}, validated: () => {}, stop: () => false };
const run = (loss = bce, more: Partial<Recipe> = {}, watcher: Partial<Watcher> = {}) =>
  train(loss, { ...recipe, ...more }, training, validation, { ...silent, ...watcher }, device);

/** bce that misbehaves at the steps from `first` on. */
function spoilt(first: number, how: NamedLoss["criterion"]): NamedLoss {
  let step = 0;
  return { name: "spoilt", criterion: (...all) => (++step < first ? bce : { criterion: how }).criterion(...all) };
}
const notANumber: NamedLoss["criterion"] = async (...all) => (await bce.criterion(...all)).mul(Number.NaN);

describe("train", () => {
  test("counts steps and epochs, and keeps the best state", async () => {
    const told: string[] = [];
    const result = await run(
      bce,
      {},
      { step: ({ epoch }) => told.push(`step ${epoch}`), validated: ({ epoch }) => told.push(`epoch ${epoch}`) },
    );
    expect(stepsOf(5, recipe)).toBe(3);
    expect(told).toEqual([1, 2, 3].flatMap((n) => [`step ${n}`, `step ${n}`, `step ${n}`, `epoch ${n}`]));
    expect(result.epochs).toHaveLength(3);
    expect(result.iou).toBe(Math.max(...result.epochs.map(({ iou }) => iou)));
    expect(result.epochs[result.bestEpoch - 1].iou).toBe(result.iou);
    expect(result.diverged).toBeNull();
    expect(result.imageIoUs).toEqual([result.meanImageIoU]);
  });

  test("equal seeds give equal weights, other seeds others", async () => {
    const [one, same, other] = [await run(), await run(), await run(bce, { seed: 2 })];
    expect(same.state).toEqual(one.state);
    expect(same.epochs).toEqual(one.epochs);
    expect(other.state).not.toEqual(one.state);
  });

  test("leaves no tensor, however it ends", async () => {
    const before = memory();
    await run();
    await expect(run(spoilt(2, () => { throw new Error("broken"); }))).rejects.toThrow("broken"); // biome-ignore format: one line
    await expect(run(spoilt(1, notANumber))).rejects.toThrow(LovaszError);
    expect(memory()).toEqual(before);
  });

  test("a first epoch that is stopped is validated, a later one is not", async () => {
    let steps = 0;
    const stopAfter = (count: number) => {
      steps = 0;
      return run(bce, {}, { step: () => steps++, stop: () => steps >= count });
    };
    const first = await stopAfter(1);
    expect([first.epochs.length, first.bestEpoch, steps]).toEqual([1, 1, 1]);
    const later = await stopAfter(4);
    expect([later.epochs.length, later.bestEpoch, steps]).toEqual([1, 1, 4]);
    // and the state is that of the end of the first epoch
    expect(later.state).toEqual((await run(bce, {}, { stop: () => steps === 0, validated: () => { steps = 0; } })).state); // biome-ignore format: one line
  });

  test.each<[string, NamedLoss["criterion"]]>([
    ["a loss that is no number", notANumber],
    ["an endless loss", async (...all) => (await bce.criterion(...all)).mul(Number.POSITIVE_INFINITY)],
    ["endless weights", async (logits) => logits.mul(1e30).mul(1e30).sum()],
    ["logits that a loss refuses", async () => { throw new LovaszError("nan", "input[0] is NaN"); }], // biome-ignore format: one line
  ])("%s ends the training and leaves the best state", async (_, how) => {
    const result = await run(spoilt(8, how));
    expect(result.diverged).toBe(3);
    expect(result.epochs).toHaveLength(2);
    for (const { data } of Object.values(result.state)) expect(data.every(Number.isFinite)).toBe(true);
  });

  test("weights that the very last step spoils are not kept, though no loss tells of them", async () => {
    // 0 forward, but no number backward
    const result = await run(spoilt(9, async (logits) => logits.mul(0).mul(1e30).mul(1e30).sum()));
    expect([result.diverged, result.epochs.length]).toEqual([3, 2]);
    for (const { data } of Object.values(result.state)) expect(data.every(Number.isFinite)).toBe(true);
  });

  test("one that diverges in its first epoch has nothing to show", async () => {
    await expect(run(spoilt(2, notANumber))).rejects.toMatchObject({
      code: "nan",
      message: "spoilt diverged in its first epoch: loss or weights are not finite; lower --lr (now 0.01)",
    });
  });

  test("says what to lower where memory does not suffice", async () => {
    for (const error of [new LovaszError("memory", "no"), new RangeError("Array buffer allocation failed")]) {
      const failing = spoilt(1, () => { throw error; }); // biome-ignore format: one line
      await expect(run(failing)).rejects.toMatchObject({
        code: "memory",
        message: expect.stringMatching(/^a step of 2 pictures .* lower --batch or --width$/),
      });
    }
  });
});
