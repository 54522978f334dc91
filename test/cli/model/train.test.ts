import { describe, expect, test } from "vitest";
import type { Progress, Watcher } from "../../../src/cli/model/course.js";
import type { NamedLoss } from "../../../src/cli/model/losses.js";
import { parseLosses } from "../../../src/cli/model/losses.js";
import type { Recipe } from "../../../src/cli/model/recipe.js";
import { type Start, stepsOf, train } from "../../../src/cli/model/train.js";
import { LovaszError, memory, openDevice } from "../../../src/index.js";
import { recipe as small } from "../helpers/runs.js";
import { noisePicture } from "../helpers/samples.js";

const recipe = small({ epochs: 3, batch: 2, width: 2, lr: 0.01 });
const [bce] = parseLosses("bce", null);
const data = { training: [1, 2, 3, 4, 5].map((seed) => noisePicture(8, 12, seed)), validation: [noisePicture(8, 8, 9)] };
const device = await openDevice("wasm");
const silent: Watcher = { step: () => {}, validated: () => {}, keep: () => {}, stop: () => false };
const run = (loss = bce, more: Partial<Recipe> = {}, watcher: Partial<Watcher> = {}, start: Partial<Start> = {}) =>
  train(loss, { ...recipe, ...more }, { seed: 1, weights: null, progress: null, ...start }, data, { ...silent, ...watcher }, device);

/** bce that misbehaves at the steps from `first` on. */
function spoilt(first: number, how: NamedLoss["criterion"]): NamedLoss {
  let step = 0;
  return { ...bce, name: "spoilt", criterion: (...all) => (++step < first ? bce : { criterion: how }).criterion(...all) };
}
const notANumber: NamedLoss["criterion"] = async (...all) => (await bce.criterion(...all)).mul(Number.NaN);

let isOver = false;

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
    const [one, same, other] = [await run(), await run(), await run(bce, {}, {}, { seed: 2 })];
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

  test.each<[string, Partial<Recipe>]>([
    ["the defaults", {}],
    ["an average", { ema: 0.5, norm: "batch" } as Partial<Recipe>],
    ["SGD and full augmentation", { optimizer: "sgd", augment: "full", schedule: "poly", clip: 0.5 }],
  ])("goes on from every epoch to the same end: %s", async (_, more) => {
    const kept: Progress[] = [];
    const { seconds: _seconds, ...whole } = await run(bce, more, { keep: (copy) => kept.push(structuredClone(copy())) });
    expect(kept.map(({ fit }) => fit?.epochs.length ?? "done")).toEqual([1, 2, 3, "done"]);
    for (const [i, progress] of kept.entries()) {
      let steps = 0;
      const { seconds, ...result } = await run(bce, more, { step: () => steps++ }, { progress });
      expect(result).toEqual(whole);
      expect(steps).toBe([6, 3, 0, 0][i]);
      expect(seconds).toBeGreaterThan(progress.seconds);
    }
  });

  test("a training that diverged is not trained again", async () => {
    const kept: Progress[] = [];
    await run(spoilt(8, notANumber), {}, { keep: (copy) => kept.push(copy()) });
    expect(kept.at(-1)).toMatchObject({ fit: null, diverged: 3 });
    const result = await run(spoilt(0, () => { throw new Error("trained"); }), {}, {}, { progress: kept.at(-1) }); // biome-ignore format: one line
    expect([result.diverged, result.epochs.length]).toEqual([3, 2]);
  });

  test("one that is stopped keeps its last whole epoch, and does not end", async () => {
    const kept: Progress[] = [];
    let steps = 0;
    await run(bce, {}, { keep: (copy) => kept.push(copy()), step: () => steps++, stop: () => steps >= 4 });
    expect(kept.map(({ fit }) => fit?.epochs.length)).toEqual([1]);
  });

  test("starts from given weights, and from random ones in layers that are not given", async () => {
    const { state } = await run();
    const head = Object.fromEntries(Object.entries(state).filter(([name]) => !name.startsWith("head")));
    const started = async (weights: Start["weights"]) => (await run(bce, { epochs: 1, lr: 1e-9 }, {}, { weights })).state;
    const near = (await started(head))["head.weight"].data;
    const random = (await started(null))["head.weight"].data;
    near.forEach((value, i) => {
      expect(value).toBeCloseTo(random[i], 6);
    });
    expect((await started(state))["head.weight"].data[0]).toBeCloseTo(state["head.weight"].data[0], 6);
    expect((await started(head))["up1.layers.0.weight"].data[0]).toBeCloseTo(state["up1.layers.0.weight"].data[0], 6);
  });

  test("in the epochs of the warm-up, a loss is trained by its other terms", async () => {
    const told: string[] = [];
    const term =
      (name: string): NamedLoss["criterion"] =>
      (...all) => {
        told.push(name);
        return bce.criterion(...all);
      };
    const loss = { name: "both", criterion: term("all"), warmup: term("warm-up") };
    await run(loss, { lossWarmup: 2 });
    expect(told).toEqual([...Array(6).fill("warm-up"), ...Array(3).fill("all")]);
    // without Lovász terms there is nothing to leave out
    told.length = 0;
    await run({ ...loss, warmup: null }, { lossWarmup: 2 });
    expect(new Set(told)).toEqual(new Set(["all"]));
  });

  test("the best epoch is none of the warm-up, once there is another", async () => {
    // what comes after the warm-up gets worse and worse
    const loss = {
      ...bce,
      warmup: bce.criterion,
      criterion: async (...all: Parameters<typeof bce.criterion>) => (await bce.criterion(...all)).mul(-1),
    };
    const { bestEpoch, epochs, iou } = await run(loss, { epochs: 6, lossWarmup: 3, lr: 0.05 });
    expect(bestEpoch).toBeGreaterThan(3);
    expect(Math.max(...epochs.map((epoch) => epoch.iou))).toBeGreaterThan(iou);
    // and in the warm-up, there is no other
    const early = await run(loss, { epochs: 6, lossWarmup: 3 }, { validated: ({ epoch }) => { isOver = epoch === 2; }, stop: () => isOver }); // biome-ignore format: one line
    expect([early.bestEpoch <= 2, early.interrupted]).toEqual([true, true]);
  });

  test("patience ends a training that gets no better, counted from the first epoch after the warm-up", async () => {
    // the weights hardly move
    const still = { lr: 1e-12, epochs: 9 };
    expect((await run(bce, { ...still, patience: 2 })).epochs).toHaveLength(3);
    const warm = { ...bce, warmup: bce.criterion };
    expect((await run(warm, { ...still, patience: 2, lossWarmup: 4 })).epochs).toHaveLength(7);
    // a loss without a warm-up does not wait for it
    expect((await run(bce, { ...still, patience: 2, lossWarmup: 4 })).epochs).toHaveLength(3);
    expect((await run(bce, still)).epochs).toHaveLength(9);
  });
});
