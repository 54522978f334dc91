import { describe, expect, test } from "vitest";
import { WrongCall } from "../../../src/cli/exits.js";
import type { TrainOptions } from "../../../src/cli/run/options.js";
import { DEFAULTS, recipeOf } from "../../../src/cli/run/recipe.js";
import { binaryTask } from "../../../src/model/task.js";

const of = (options: Partial<TrainOptions> = {}, from: Parameters<typeof recipeOf>[1] = null) =>
  recipeOf({ seed: 3, device: "wasm", ...options }, from);

describe("recipeOf(options, from)", () => {
  test("has the defaults where the call says nothing", () => {
    const { widths, network, levels, norm, exampleEpochs, ...rest } = DEFAULTS;
    const architecture = { network, width: widths.unet, levels, norm, upsample: "nearest", dropout: 0 };
    const others = { task: binaryTask, clip: null, ema: null, classWeights: null, patience: null, seed: 3, seeds: 1 };
    expect(of()).toEqual({ ...rest, ...others, architecture });
    expect(of({ example: true }).epochs).toBe(exampleEpochs);
    expect(of({ classes: 3 }).task.classes).toBe(3);
  });

  test("takes what the call says", () => {
    const options: Partial<TrainOptions> = {
      ...{ epochs: 7, batch: 2, lr: 0.1, schedule: "poly", optimizer: "sgd", augment: "full", clip: 1, ema: 0.5, lossWarmup: 3 },
      ...{ classWeights: [1, 5], patience: 4, seeds: 6 },
    };
    expect(of(options)).toMatchObject(options);
    expect(of({ width: 4, levels: 2, norm: "group" }).architecture).toMatchObject({ width: 4, levels: 2, norm: "group" });
    expect(of({ network: "fast-scnn" }).architecture).toEqual({ network: "fast-scnn", width: 32 });
    expect(of({ network: "fast-scnn", width: 8 }).architecture).toEqual({ network: "fast-scnn", width: 8 });
  });

  test("a model to start from says what the network is", () => {
    const from = { network: "unet", width: 5, levels: 2, norm: "none", upsample: "bilinear", dropout: 0.1 } as const;
    expect(of({}, from).architecture).toEqual(from);
    expect(of({ width: 5, norm: "none" }, from).architecture).toEqual(from);
  });

  test.each<[Partial<TrainOptions>, Parameters<typeof recipeOf>[1], RegExp]>([
    [{ network: "fast-scnn", levels: 3 }, null, /^--levels is for --network unet; /],
    [{ seed: 2 ** 31 - 1, seeds: 2 }, null, /^--seed 2147483647 and --seeds 2 go beyond the largest seed, 2147483647; lower them$/],
    [{ network: "fast-scnn", norm: "batch" }, null, /^--norm is for --network unet; /],
    [{ lossWarmup: 5, epochs: 5 }, null, /^--loss-warmup 5 leaves none of 5 epochs for the losses; lower it, or raise --epochs$/],
    [
      { width: 8 },
      { network: "fast-scnn", width: 16 },
      /^--width 8 contradicts the model of --from, which has width 16; leave out --width$/,
    ],
    [
      { levels: 2 },
      { network: "fast-scnn", width: 16 },
      /^--levels 2 contradicts the model of --from, which has no levels; leave out --levels$/,
    ],
  ])("refuses %j", (options, from, message) => {
    expect(() => of(options, from)).toThrow(WrongCall);
    expect(() => of(options, from)).toThrow(message);
  });
});
