import { describe, expect, test } from "vitest";
import { binaryCrossEntropy, memory, nn, optim, type Tensor } from "../../src/index.js";
import type { FitCheckpoint } from "../../src/model/checkpoint.js";
import { fit } from "../../src/model/fit.js";
import type { FitOptions } from "../../src/model/fitOptions.js";
import { IGNORED } from "../../src/model/ignored.js";
import { noiseSample } from "./helpers/samples.js";

const bce = (logits: Tensor, labels: Uint8Array) => binaryCrossEntropy(logits, labels, { ignore: IGNORED });
const samples = [1, 2, 3, 4, 5].map((seed) => noiseSample(8, 12, { seed }));
const validation = [noiseSample(9, 7, { seed: 9 })];

async function trained(options: Partial<FitOptions>, network = new nn.UNet({ width: 2, norm: "batch", dropout: 0.3, seed: 1 })) {
  const checkpoints: FitCheckpoint[] = [];
  const told: unknown[] = [];
  const { epochs, steps } = await fit(network, samples, {
    ...{ loss: bce, epochs: 4, batch: 2, validation },
    onStep: (step) => told.push(step),
    onEpoch: (epoch, checkpoint) => {
      told.push(epoch);
      checkpoints.push(structuredClone(checkpoint()));
    },
    ...options,
  });
  const state = network.stateDict();
  network.dispose();
  return { result: { epochs, steps, state }, checkpoints, told };
}

describe("fit(network, samples, { resume })", () => {
  test.each<[string, Partial<FitOptions>]>([
    ["the defaults", {}],
    ["an average, and clipping", { ema: 0.7, clip: 0.1 }],
    ["full augmentation and crops", { augment: "full", crop: 6, seed: 5 }],
    ["SGD with momentum", { optimizer: (parameters) => new optim.SGD(parameters, { lr: 0.05, momentum: 0.9 }) }],
    ["AdamW", { optimizer: (parameters) => new optim.AdamW(parameters, { lr: 0.01 }) }],
  ])("goes on from every epoch to the same weights, to the bit: %s", async (_, options) => {
    const whole = await trained(options);
    for (const [i, resume] of whole.checkpoints.entries()) {
      const rest = await trained({ ...options, resume });
      expect(rest.result).toEqual(whole.result);
      expect(rest.checkpoints).toEqual(whole.checkpoints.slice(i + 1));
      expect(rest.told).toEqual(whole.told.slice(4 * (i + 1)));
    }
  });

  test("an average that is taken along does not disturb the training that goes on", async () => {
    const onEpoch = () => {};
    expect((await trained({ ema: 0.7, onEpoch })).result).toEqual((await trained({ ema: 0.7 })).result);
  });

  test("a checkpoint keeps its values while the training goes on", async () => {
    const kept: FitCheckpoint[] = [];
    const { checkpoints } = await trained({ ema: 0.7 });
    await trained({ ema: 0.7, onEpoch: (_, checkpoint) => kept.push(checkpoint()) });
    expect(kept).toEqual(checkpoints);
  });

  test("leaves dropout without a seed to the sequence that all of the program shares", async () => {
    const network = () => new nn.Sequential(new nn.Conv2d(3, 1, 1, { seed: 1 }), new nn.Dropout(0.5));
    const { checkpoints } = await trained({}, network() as never);
    expect(checkpoints[0].dropout).toEqual([]);
  });

  test.each<[string, (one: FitCheckpoint) => unknown, Partial<FitOptions>, RegExp]>([
    ["nothing", () => null, {}, /resume is null, expected what checkpoint\(\) of onEpoch returned$/],
    ["no epochs", (one) => ({ ...one, epochs: 3 }), {}, /resume has epochs 3, expected an array$/],
    ["more epochs than wanted", (one) => one, { epochs: 1 }, /resume was taken after 2 epochs, but epochs is 1; raise epochs$/],
    [
      "another batch",
      (one) => one,
      { batch: 3 },
      /resume has 6 steps, but with these samples and batch 2 epochs have 4; pass the same ones$/,
    ],
    ["no number of steps", ({ steps: _, ...one }) => one, {}, /resume.steps is null, expected /],
    ["no average", (one) => one, { ema: 0.5 }, /resume was taken without ema; pass the same options$/],
    [
      "other dropout",
      (one) => ({ ...one, dropout: [-1] }),
      {},
      /resume has dropout .*, expected 1 counts, one for each dropout layer with a seed$/,
    ],
    ["another optimiser", (one) => one, { optimizer: (all) => new optim.SGD(all, { lr: 1 }) }, /state.optimizer is "Adam", expected "SGD"/],
    ["another network", (one) => ({ ...one, network: {} }), {}, /state lacks down1/],
  ])("refuses a checkpoint with %s, and changes nothing", async (_, spoilt, options, message) => {
    const { checkpoints } = await trained({ epochs: 2 });
    const network = new nn.UNet({ width: 2, norm: "batch", dropout: 0.3, seed: 1 });
    const [before, state] = [memory(), network.stateDict()];
    const resume = spoilt(checkpoints[1]) as FitCheckpoint;
    const call = fit(network, samples, { loss: bce, epochs: 2, batch: 2, validation, resume, ...options });
    await expect(call).rejects.toThrow(message);
    expect(memory()).toEqual(before);
    expect(network.stateDict()).toEqual(state);
    network.dispose();
  });

  test("a checkpoint is taken within onEpoch", async () => {
    let late = (): unknown => null;
    await trained({ onEpoch: (_, checkpoint) => { late = checkpoint; } }); // biome-ignore format: one line
    expect(late).toThrow(/checkpoint\(\) was called after onEpoch had returned; call it within$/);
  });
});
