import { describe, expect, test } from "vitest";
import { binaryCrossEntropy, crossEntropy, LovaszError, lovaszHinge, memory, nn, optim, type Tensor, tensor } from "../../src/index.js";
import { fit } from "../../src/model/fit.js";
import type { FitOptions } from "../../src/model/fitOptions.js";
import { IGNORED } from "../../src/model/ignored.js";
import type { SampleLike } from "../../src/model/picture.js";
import { noiseSample } from "./helpers/samples.js";

const ignore = IGNORED;
const bce = (logits: Tensor, labels: Uint8Array) => binaryCrossEntropy(logits, labels, { ignore });
const newNetwork = () => new nn.UNet({ width: 2, seed: 1 });
const samples = [1, 2, 3, 4, 5].map((seed) => noiseSample(8, 12, { seed }));
const validation = [noiseSample(9, 7, { seed: 9 })];

/** A picture whose bright half is foreground. */
function halves(width: number, height: number): SampleLike {
  const data = Uint8Array.from({ length: width * height }, (_, i) => (i % width < width / 2 ? 60 : 180));
  return { picture: { data, width, height, channels: 1 }, labels: data.map((value) => (value > 128 ? 1 : 0)) };
}

async function trained(options: Partial<FitOptions> = {}, list: Parameters<typeof fit>[1] = samples) {
  const network = newNetwork();
  const result = await fit(network, list, { loss: bce, epochs: 2, batch: 2, ...options });
  const state = network.stateDict();
  network.dispose();
  return { ...result, state };
}

describe("fit", () => {
  test("learns a simple picture", async () => {
    const loss = (logits: Tensor, labels: Uint8Array) => bce(logits, labels).add(lovaszHinge(logits, labels, { ignore }));
    const { epochs } = await trained({ loss, epochs: 40, lr: 0.02, validation: [halves(10, 9)] }, [halves(16, 16), halves(12, 20)]);
    expect(epochs[39].validation).toMatchObject({
      iou: 1,
      meanImageIoU: 1,
      dice: 1,
      imageIoUs: [1],
      classIoUs: [1, 1],
      confusion: [
        [45, 0],
        [0, 45],
      ],
    });
    expect(epochs[39].loss).toBeLessThan(0.4 * epochs[0].loss);
  });

  test("of several classes, each pixel has that of its largest logit", async () => {
    const network = new nn.Conv2d(3, 3, 1, { seed: 1 });
    const data = Uint8Array.from({ length: 48 }, (_, i) => 120 * (Math.floor(i / 4) % 3));
    const sample = { picture: { data, width: 12, height: 4, channels: 1 }, labels: data.map((value) => value / 120) };
    const loss = (logits: Tensor, labels: Uint8Array) => crossEntropy(logits, labels, { ignore });
    const { epochs } = await fit(network, [sample], { loss, epochs: 200, lr: 0.1, validation: [sample] });
    expect(epochs[199].validation?.iou).toBe(1);
    network.dispose();
  });

  test.each<[string, Partial<FitOptions>]>([
    ["the defaults", {}],
    ["full augmentation and crops with foreground", { augment: "full", crop: { extent: 6, foreground: 0.5 }, validation }],
    ["clipping and averaging", { clip: 0.1, ema: 0.9, validation }],
    ["another optimiser", { optimizer: (parameters) => new optim.SGD(parameters, { lr: 0.1, momentum: 0.9 }) }],
    ["a loss on a device", { loss: async (logits, labels) => bce(logits, labels) }],
  ])("equal arguments give equal weights to the bit, other seeds others: %s", async (_, options) => {
    const one = await trained(options);
    expect(await trained(options)).toEqual(one);
    expect((await trained({ ...options, seed: 1 })).state).not.toEqual(one.state);
  });

  test("divides an epoch evenly among its steps", async () => {
    const sizes = async (count: number, batch: number) => {
      const all: number[] = [];
      const loss = (logits: Tensor, labels: Uint8Array) => {
        all.push(logits.shape[0]);
        return bce(logits, labels);
      };
      await trained(
        { loss, epochs: 1, batch },
        Array.from({ length: count }, (_, i) => samples[i % 5]),
      );
      return all;
    };
    expect(await sizes(9, 4)).toEqual([3, 3, 3]);
    expect(await sizes(5, 2)).toEqual([2, 2, 1]);
    expect(await sizes(8, 4)).toEqual([4, 4]);
    expect(await sizes(3, 4)).toEqual([3]);
  });

  test("a sample that is read when it is needed, in any kind of array, is the same as one in memory", async () => {
    let reads = 0;
    const lazy = samples.map(({ picture, labels }) => async () => {
      reads++;
      const clamped = new Uint8ClampedArray(picture.data);
      return { picture: { data: clamped, width: picture.width, height: picture.height }, labels: Array.from(labels) };
    });
    expect(await trained({}, lazy)).toEqual(await trained());
    expect(reads).toBe(10);
  });

  test("tells of each step and epoch, and trains as often as the samples ask", async () => {
    const told: unknown[] = [];
    const result = await trained({
      schedule: (step) => 0.01 / (step + 1),
      validation,
      onStep: async ({ step, epoch, lr }) => {
        await new Promise((resolve) => setTimeout(resolve, 2));
        told.push([step, epoch, lr]);
      },
      onEpoch: async (epoch) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        told.push(epoch);
      },
    });
    expect(told.filter(Array.isArray)).toEqual([1, 2, 3, 4, 5, 6].map((step) => [step, Math.ceil(step / 3), 0.01 / step]));
    expect([told[3], told[7]]).toEqual(result.epochs);
    expect(result).toMatchObject({ steps: 6, stopped: false });
  });

  test("the learning rate falls from lr, or that of the optimiser, along a cosine", async () => {
    const rates = async (options: Partial<FitOptions>) => {
      const seen: number[] = [];
      await trained({ ...options, batch: 5, epochs: 4, onStep: ({ lr }) => seen.push(lr) });
      return seen.map((rate) => rate.toFixed(6));
    };
    const falling = (from: number) => [0, 1, 2, 3].map((step) => ((from * (1 + Math.cos((Math.PI * step) / 4))) / 2).toFixed(6));
    const optimizer = (parameters: Tensor[]) => new optim.SGD(parameters, { lr: 0.3 });
    expect(await rates({})).toEqual(falling(0.002));
    expect(await rates({ lr: 0.01 })).toEqual(falling(0.01));
    expect(await rates({ optimizer })).toEqual(falling(0.3));
    expect(await rates({ optimizer, lr: 0.1 })).toEqual(falling(0.1));
  });

  test("crops what is larger, and pads what is smaller, with ignored pixels", async () => {
    const seen: number[][] = [];
    const loss = (logits: Tensor, labels: Uint8Array) => {
      seen.push([...logits.shape, labels.filter((label) => label === ignore).length]);
      return bce(logits, labels);
    };
    const plain = (width: number, height: number) => ({ ...halves(width, height), labels: new Uint8Array(width * height) });
    await trained({ loss, epochs: 1, crop: 6, augment: "none" }, [plain(20, 30), plain(3, 9)]);
    expect(seen).toEqual([[2, 1, 8, 8, 128 - 36 - 18]]);
  });

  test("trains in training mode, validates in evaluation mode, and leaves the mode as it was", async () => {
    const seen: string[] = [];
    class Told extends nn.Module {
      readonly layer = new nn.Conv2d(3, 1, 1, { seed: 1 });

      forward(input: Tensor): Tensor {
        seen.push(`${this.training}`);
        return this.layer.forward(input);
      }
    }
    const network = new Told();
    for (const mode of [true, false]) {
      network.train(mode);
      const onEpoch = () => seen.push(`epoch ${network.training}`);
      await fit(network, samples, { loss: bce, epochs: 2, batch: 3, validation, onEpoch });
      expect(seen.splice(0)).toEqual([1, 2].flatMap(() => ["true", "true", "false", "epoch false"]));
      expect([network.training, network.layer.training]).toEqual([mode, mode]);
      await expect(fit(network, samples, { loss: () => { throw new Error("broken"); } })).rejects.toThrow("broken"); // biome-ignore format: one line
      expect(network.training).toBe(mode);
      seen.length = 0;
    }
    network.dispose();
  });

  test("ema validates the average of the weights, trains on with the others, and keeps the average", async () => {
    const network = newNetwork();
    const [first] = network.parameters();
    const raw: number[] = [];
    const states: nn.StateDict[] = [];
    const decay = 0.5;
    const options = { validation, ema: decay, onStep: () => raw.push(first.data[0]), onEpoch: () => states.push(network.stateDict()) };
    const averages = [first.data[0]];
    await fit(network, samples, { loss: bce, epochs: 2, batch: 2, ...options });
    const plain = await trained({ onStep: () => {} });
    for (const value of raw) averages.push(decay * averages[averages.length - 1] + (1 - decay) * value);
    expect(Object.values(states[0])[0].data[0]).toBeCloseTo(averages[3], 6);
    expect(Object.values(states[1])[0].data[0]).toBeCloseTo(averages[6], 6);
    expect(raw[5]).toBe(Object.values(plain.state)[0].data[0]);
    expect(network.stateDict()).toEqual(states[1]);
    network.dispose();
    // an abort keeps the average as well, whether it comes within an epoch or after one
    for (const end of [{ onStep: 4 }, { onEpoch: 1 }]) {
      const stopping = new AbortController();
      const stop = (now: boolean) => now && stopping.abort();
      const average = await trained({
        ema: decay,
        signal: stopping.signal,
        onStep: ({ step }) => stop(step === end.onStep),
        onEpoch: ({ epoch }) => stop(epoch === end.onEpoch),
      });
      expect(average.stopped).toBe(true);
      if (end.onEpoch) expect(average.state).toEqual(states[0]);
      else expect(Object.values(average.state)[0].data[0]).toBeCloseTo(averages[4], 6);
    }
  });

  test("clip limits the norm of the gradients, and ends a training whose gradients are not finite", async () => {
    const optimizer = (parameters: Tensor[]) => new optim.SGD(parameters, { lr: 1 });
    const moved = async (options: Partial<FitOptions>) => {
      const network = newNetwork();
      const before = network.parameters().flatMap(({ data }) => [...data]);
      await fit(network, samples, { loss: bce, epochs: 1, batch: 5, optimizer, ...options });
      const after = network.parameters().flatMap(({ data }) => [...data]);
      network.dispose();
      return Math.hypot(...after.map((value, i) => value - before[i]));
    };
    const whole = await moved({});
    expect(await moved({ clip: whole / 4 })).toBeCloseTo(whole / 4, 4);
    expect(await moved({ clip: 2 * whole })).toBe(whole);
    const loss = (logits: Tensor) => logits.mul(0).mul(1e30).mul(1e30).sum();
    await expect(trained({ loss, clip: 1 })).rejects.toThrow("training diverged in step 1 (epoch 1): the norm of the gradient is NaN");
  });

  test("lets timers run between steps", async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 0);
    await trained({ epochs: 20 });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(0);
  });

  test("an abort ends it after the step, with the weights reached; one before the start takes no step", async () => {
    const stoppedAfter = async (count: number) => {
      const stopping = new AbortController();
      if (count === 0) stopping.abort();
      return trained({ epochs: 3, signal: stopping.signal, validation, onStep: ({ step }) => { if (step === count) stopping.abort(); } }); // biome-ignore format: one line
    };
    const none = await stoppedAfter(0);
    expect(none).toMatchObject({ epochs: [], steps: 0, stopped: true });
    const network = newNetwork();
    expect(none.state).toEqual(network.stateDict());
    network.dispose();
    const four = await stoppedAfter(4);
    expect(four).toMatchObject({ steps: 4, stopped: true });
    expect(four.epochs).toHaveLength(1);
    const whole = await trained({ epochs: 3, validation, onStep: () => {} });
    expect(four.epochs[0]).toEqual(whole.epochs[0]);
    expect(four.state).not.toEqual(whole.state);
    expect(await stoppedAfter(9)).toMatchObject({ steps: 9, stopped: true });
  });

  test("leaves no tensor, however it ends", async () => {
    const network = newNetwork();
    const before = memory();
    const run = (options: Partial<FitOptions>) => fit(network, samples, { loss: bce, epochs: 2, batch: 2, ...options });
    const weighted = (logits: Tensor, labels: Uint8Array) => bce(logits.mul(tensor([2])), labels);
    await run({ loss: weighted, validation, augment: "full", clip: 1, ema: 0.9 });
    expect(memory()).toEqual(before);
    const broken = () => { throw new Error("broken"); }; // biome-ignore format: one line
    await expect(run({ loss: (...all) => { weighted(...all); return broken(); } })).rejects.toThrow("broken"); // biome-ignore format: one line
    for (const options of [{ onStep: broken }, { onEpoch: broken }, { schedule: broken }, { optimizer: broken }]) {
      await expect(run(options)).rejects.toThrow("broken");
    }
    await expect(run({ loss: (...all) => weighted(...all).mul(Number.NaN) })).rejects.toThrow(LovaszError);
    await expect(run({ loss: (logits) => logits })).rejects.toThrow(LovaszError);
    expect(memory()).toEqual(before);
    network.dispose();
  });

  test.each<[string, FitOptions["loss"], RegExp]>([
    [
      "a loss that is no number",
      (...all) => bce(...all).mul(Number.NaN),
      /training diverged in step 1 \(epoch 1\): the loss is NaN; lower the learning rate \(now 0.002\)$/,
    ],
    ["logits that the loss refuses", (logits, labels) => bce(logits.mul(Number.NaN), labels), /diverged in step 1 \(epoch 1\): .*NaN/],
    [
      "weights that are not finite",
      (logits) => logits.mul(0).mul(1e30).mul(1e30).sum(),
      /after epoch 1 the weights are not finite; lower the learning rate$/,
    ],
  ])("%s ends it", async (_, loss, message) => {
    // biome-ignore format: one line
    await expect(trained({ loss, batch: 5 })).rejects.toMatchObject({ code: "nan", message: expect.stringMatching(message) });
  });

  test("says what to lower where memory does not suffice", async () => {
    for (const error of [new LovaszError("memory", "no"), new RangeError("Array buffer allocation failed")]) {
      const loss = () => { throw error; }; // biome-ignore format: one line
      await expect(trained({ loss })).rejects.toMatchObject({
        code: "memory",
        message: expect.stringMatching(
          /: a step of 2 samples needs more memory than there is; lower batch or crop, or train a smaller network$/,
        ),
      });
    }
  });

  test("says which argument is wrong", async () => {
    const network = newNetwork();
    const before = memory();
    const says = async (options: object, message: string | RegExp, list: unknown = samples) =>
      expect(fit(network, list as never, { loss: bce, ...options } as never)).rejects.toThrow(message);
    await expect(fit({} as never, samples, { loss: bce })).rejects.toThrow("network is a value of type Object, expected an nn.Module");
    await expect(fit(network, samples, undefined as never)).rejects.toThrow("options is undefined");
    await says({}, "samples is an array of 0, expected an array of at least one { picture, labels }", []);
    await says({}, "samples[1] is null, expected { picture, labels }", [samples[0], null]);
    await says({}, "samples[0].labels has 1 entries, expected 96", [{ ...samples[0], labels: [1] }]);
    await says({}, "samples[0]().picture is undefined, expected an ImageData", [() => ({})]);
    await says({ validation: [1] }, "validation[0] is 1");
    await says({ loss: undefined }, "loss is undefined, expected a function");
    await says({ loss: () => 3 }, "loss(logits, labels) returned 3, expected a scalar Tensor");
    await says({ loss: (logits: Tensor) => logits }, /returned a tensor of shape \[\d, 1, \d+, \d+\], expected a scalar/);
    await says({ loss: (logits: Tensor) => bce(logits, new Uint8Array(1)) }, "labels has 1 entries");
    await says({ epochs: 0 }, "epochs is 0, expected");
    await says({ batch: 1.5 }, "batch is 1.5, expected an integer");
    await says({ lr: -1 }, "lr is -1, expected");
    await says({ optimizer: () => null }, "optimizer(parameters) returned null, expected an optimiser such as optim.SGD");
    await says({ schedule: 0.1 }, "schedule is 0.1, expected a function");
    await says({ schedule: () => undefined }, "schedule(0) is null, expected a finite number");
    await says({ clip: 0 }, "clip is 0, expected a finite number from 1e-18 to 1e+18");
    await says({ ema: 2 }, "ema is 2, expected a finite number from 0 to 1");
    await says({ augment: "all" }, 'augment is "all", expected "none" or "turns" or "full"');
    await says({ crop: 0 }, "crop: extent is 0, expected");
    await says({ crop: { seed: 1 } }, 'crop has no option "seed"');
    await says({ signal: true }, "signal is true, expected an AbortSignal");
    await says({ epoch: 3 }, 'has no option "epoch"');
    expect(memory()).toEqual(before);
    network.dispose();
  });

  test("refuses masks of 0 and 255 as labels, in which all foreground would be ignored", async () => {
    const masked = { ...halves(8, 8), labels: (halves(8, 8).labels as Uint8Array).map((label) => 255 * label) };
    for (const list of [[masked], [() => masked]]) {
      await expect(trained({}, list)).rejects.toMatchObject({
        code: "label",
        message: expect.stringMatching(/255 marks ignored pixels; write 1 for/),
      });
    }
    // with foreground somewhere they may be ignored pixels
    expect((await trained({}, [masked, halves(8, 8)])).epochs.length).toBe(2);
  });

  test("names the validation sample with a class that the network does not know, in place of its index in a batch", async () => {
    const wrong = { ...halves(8, 8), labels: new Uint8Array(64).fill(2, 5, 6) };
    await expect(trained({ validation: [samples[0], wrong] })).rejects.toThrow(
      "validation[1]: labels[5] is 2, but the network knows 2 classes; expected a class from 0 to 1, or 255 for an ignored pixel",
    );
  });

  test("stops within a validation, and then leaves that epoch out", async () => {
    const stopping = new AbortController();
    let read = 0;
    const source = () => {
      if (++read === 2) stopping.abort();
      return samples[0];
    };
    const { epochs, stopped } = await trained({ signal: stopping.signal, validation: [source, source, source] });
    expect([epochs.length, stopped, read]).toEqual([0, true, 2]);
  });

  test("takes pictures that lie in the engine's memory, and tells of those whose buffer was transferred", async () => {
    const network = newNetwork();
    const held = tensor(new Float32Array(48));
    const labels = halves(8, 8).labels as Uint8Array;
    const { buffer, byteOffset } = held.data;
    const picture = { data: new Uint8Array(buffer, byteOffset, 192), width: 8, height: 8, channels: 3 };
    await fit(network, [{ picture, labels }], { loss: bce, epochs: 2 });
    network.dispose();
    held.dispose();
    const sample = { picture: { data: new Uint8Array(192).fill(9, 50), width: 8, height: 8, channels: 3 }, labels };
    const onStep = () => structuredClone(sample.picture.data.buffer, { transfer: [sample.picture.data.buffer] });
    await expect(trained({ onStep }, [sample])).rejects.toMatchObject({
      code: "data",
      message: expect.stringMatching(/samples\[0\] was detached meanwhile, as its buffer was transferred; hand over a copy/),
    });
  });

  test("passes on a RangeError that does not speak of memory", async () => {
    const loss = () => { throw new RangeError("mine"); }; // biome-ignore format: one line
    await expect(trained({ loss })).rejects.toThrow(new RangeError("mine"));
  });

  test("frees the gradients of parameters that the optimiser leaves out", async () => {
    const network = new nn.Sequential(new nn.Conv2d(3, 2, 1), new nn.Conv2d(2, 1, 1));
    const gradients: number[] = [];
    const optimizer = () => new optim.SGD(network.layers[1].parameters(), { lr: 0 });
    const onStep = () => gradients.push(network.parameters()[0].grad?.data[0] ?? 0);
    await fit(network, [samples[0]], { loss: bce, optimizer, augment: "none", epochs: 3, onStep });
    expect(gradients[2]).toBe(gradients[0]);
    network.dispose();
  });

  test("leaves parameters without requiresGrad as they are", async () => {
    const network = new nn.Sequential(new nn.Conv2d(3, 2, 1, { seed: 1 }), new nn.Conv2d(2, 1, 1, { seed: 2 }));
    for (const parameter of network.layers[0].parameters()) parameter.requiresGrad = false;
    const before = network.stateDict();
    await fit(network, samples, { loss: bce, epochs: 1 });
    const after = network.stateDict();
    expect(after["layers.0.weight"]).toEqual(before["layers.0.weight"]);
    expect(after["layers.1.weight"]).not.toEqual(before["layers.1.weight"]);
    network.dispose();
  });

  test("leaves each module in the mode that it was in", async () => {
    const network = new nn.Sequential(new nn.Conv2d(3, 2, 1), new nn.BatchNorm2d(2), new nn.Conv2d(2, 1, 1));
    network.layers[1].eval();
    await fit(network, samples, { loss: bce, epochs: 1 });
    expect([network, ...network.layers].map(({ training }) => training)).toEqual([true, true, false, true]);
    network.dispose();
  });

  test("frees what a loss of a wrong shape returned", async () => {
    const network = newNetwork();
    const before = memory();
    await expect(fit(network, samples, { loss: (logits) => logits.mul(2) })).rejects.toThrow("expected a scalar Tensor");
    expect(memory()).toEqual(before);
    network.dispose();
  });

  test("asks for a function where it is given the class of an optimiser", async () => {
    await expect(trained({ optimizer: optim.Adam as never })).rejects.toThrow(
      "optimizer is the class Adam, expected what makes one; pass a function, such as (parameters) => new optim.Adam(parameters)",
    );
  });

  test("refuses what a network returns for validation alone", async () => {
    class Odd extends nn.Module {
      readonly layer = new nn.Conv2d(3, 1, 1, { seed: 1 });

      forward(input: Tensor): Tensor {
        const logits = this.layer.forward(input);
        return this.training ? logits : logits.sum();
      }
    }
    await expect(fit(new Odd(), samples, { loss: bce, validation })).rejects.toThrow("the network returned logits of shape []");
  });

  test("says so where a network does not give a logit a pixel", async () => {
    const network = new nn.Conv2d(3, 1, 3, { seed: 1 });
    await expect(fit(network, [noiseSample(8, 8)], { loss: bce })).rejects.toThrow(
      "network returned logits of shape [1, 1, 6, 6] for pixels [1, 3, 8, 8], expected [1, C, 8, 8]",
    );
    network.dispose();
  });
});
