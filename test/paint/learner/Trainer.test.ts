import { describe, expect, test, vi } from "vitest";
import { binaryCrossEntropy } from "../../../src/losses/binaryCrossEntropy.js";
import { lovaszSigmoid } from "../../../src/losses/lovaszSigmoid.js";
import { UNet } from "../../../src/nn/UNet.js";
import { Adam } from "../../../src/optim/Adam.js";
import { Drawing } from "../../../src/paint/learner/draw.js";
import { Trainer } from "../../../src/paint/learner/Trainer.js";
import { uniform } from "../../../src/random.js";
import { tensor } from "../../../src/tensor/tensor.js";
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
    expect(Math.min(...jumps.slice(20))).toBeGreaterThan(0);
    expect(Math.max(...jumps.slice(20))).toBeLessThan(Math.max(...jumps.slice(0, 19)) / 3);
    trainer.dispose();
  });

  test("goes back to the last good weights where the loss is not a number", async () => {
    const trainer = trainerOf();
    await trainer.step(batch(), LR);
    trainer.keep();
    const good = trainer.network.stateDict();
    await trainer.step(batch(), LR);
    const broken = batch();
    broken.pixels.fill(Number.NaN);
    expect(await trainer.step(broken, LR)).toBeNull();
    trainer.keep();
    expect(trainer.network.stateDict()).toEqual(good);
    expect(await trainer.step(batch(), LR)).toBeGreaterThan(0);
    trainer.dispose();
  });

  test("goes back, too, where a step makes weights that are no numbers", async () => {
    const trainer = trainerOf();
    const good = trainer.network.stateDict();
    const broken = vi.spyOn(Adam.prototype, "step").mockImplementation(function (this: Adam) {
      this.parameters[0].data[0] = Number.NaN;
    });
    await trainer.step(batch(), LR);
    broken.mockRestore();
    expect(trainer.keep()).toBe(false);
    expect(trainer.network.stateDict()).toEqual(good);
    expect(await trainer.step(batch(), LR)).toBeGreaterThan(0);
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

  test("learns by cross-entropy alone, or with Lovász", async () => {
    const { pixels, labels, shape } = batch();
    const network = new UNet({ width: 4, levels: 1, norm: "group" });
    const logits = network.forward(tensor(pixels, shape));
    const entropy = binaryCrossEntropy(logits, labels, { ignore: 255 }).item();
    const region = lovaszSigmoid(logits, labels, { ignore: 255 }).item();
    network.dispose();
    for (const [rival, loss] of [
      ["crossEntropy", entropy],
      ["lovasz", entropy + region],
    ] as const) {
      const trainer = trainerOf(rival);
      expect(await trainer.step(batch(), LR)).toBeCloseTo(loss, 5);
      trainer.dispose();
    }
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
