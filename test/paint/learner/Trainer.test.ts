import { describe, expect, test } from "vitest";
import { UNet } from "../../../src/nn/UNet.js";
import { Drawing } from "../../../src/paint/learner/draw.js";
import { Trainer } from "../../../src/paint/learner/Trainer.js";
import { uniform } from "../../../src/random.js";
import { memory } from "../../../src/wasm/memory.js";
import { noisyCanvas } from "./helpers/pictures.js";

const LR = 0.01;

function trainerOf(rival: "lovasz" | "crossEntropy" = "lovasz"): Trainer {
  return new Trainer(rival, new UNet({ width: 4, levels: 1, norm: "group" }));
}

function batch() {
  const painted = noisyCanvas(32, 32);
  painted.paint({ box: { left: 0, upper: 0, width: 32, height: 2 }, labels: Uint8Array.from({ length: 64 }, (_, i) => i >> 5) });
  return new Drawing(uniform(1)).batch([painted], [0, 1], 2, 2, 16);
}

describe("Trainer", () => {
  test("hands what it learned to the network that predicts, by keep", async () => {
    const trainer = trainerOf();
    const before = trainer.network.stateDict();
    await trainer.step(batch(), LR);
    expect(trainer.network.stateDict()).toEqual(before);
    expect(trainer.keep()).toBe(true);
    expect(trainer.network.stateDict()).not.toEqual(before);
    trainer.dispose();
  });

  test("predicts by the average of the last steps once there are twenty", async () => {
    const trainer = trainerOf();
    const same = batch();
    const first: number[] = [];
    for (let i = 0; i < 30; i++) {
      await trainer.step(same, LR);
      trainer.keep();
      first.push(trainer.network.stateDict()["head.bias"].data[0]);
    }
    const jumps = first.slice(1).map((value, i) => Math.abs(value - first[i]));
    expect(Math.max(...jumps.slice(20))).toBeLessThan(Math.max(...jumps.slice(0, 19)) / 3);
    trainer.dispose();
  });

  test("goes back to the last good weights where the loss is not a number", async () => {
    const trainer = trainerOf();
    await trainer.step(batch(), LR);
    trainer.keep();
    const good = trainer.network.stateDict();
    const broken = batch();
    broken.pixels.fill(Number.NaN);
    expect(await trainer.step(broken, LR)).toBeNull();
    trainer.keep();
    expect(trainer.network.stateDict()).toEqual(good);
    expect(await trainer.step(batch(), LR)).toBeGreaterThan(0);
    trainer.dispose();
  });

  test("goes back, too, where the weights are no numbers after a step", async () => {
    const trainer = trainerOf();
    const good = trainer.network.stateDict();
    await trainer.step(batch(), 1e18);
    await trainer.step(batch(), 1e18);
    trainer.keep();
    for (const { data } of Object.values(trainer.network.stateDict())) expect(data.every(Number.isFinite)).toBe(true);
    expect(Object.keys(trainer.network.stateDict())).toEqual(Object.keys(good));
    trainer.dispose();
  });

  test("goes on with another number of classes", async () => {
    const trainer = trainerOf();
    const before = trainer.network.stateDict();
    trainer.setClasses(3, null);
    expect(trainer.network.options.outChannels).toBe(3);
    expect(trainer.network.stateDict()["bottom.0.weight"]).toEqual(before["bottom.0.weight"]);
    expect(await trainer.step(batch(), LR)).toBeGreaterThan(0);
    trainer.setClasses(2, 0);
    expect(trainer.network.options.outChannels).toBe(1);
    trainer.dispose();
  });

  test("learns by its loss alone", async () => {
    const [lovasz, crossEntropy] = [trainerOf(), trainerOf("crossEntropy")];
    const losses = [await lovasz.step(batch(), LR), await crossEntropy.step(batch(), LR)];
    expect(losses[0]).toBeGreaterThan(losses[1] as number);
    lovasz.dispose();
    crossEntropy.dispose();
  });

  test("frees all that it makes", async () => {
    const before = memory();
    const trainer = trainerOf();
    for (let i = 0; i < 25; i++) await trainer.step(batch(), LR);
    trainer.keep();
    trainer.setClasses(4, null);
    await trainer.step(batch(), LR);
    trainer.dispose();
    expect(memory()).toEqual(before);
  });
});
