import { describe, expect, test } from "vitest";
import { maxPool2d, memory, nn, type Tensor, upsampleNearest } from "../../src/index.js";
import { type PredictOptions, predict } from "../../src/model/predict.js";
import { uniform } from "../../src/random.js";
import { stirred } from "./helpers/nets.js";

const next = uniform(3);
const picture = { data: Uint8ClampedArray.from({ length: 4 * 60 * 40 }, () => 256 * next()), width: 60, height: 40 };
const network = stirred(new nn.UNet({ width: 2, levels: 2, seed: 3 }));
const several = stirred(new nn.UNet({ width: 2, levels: 2, outChannels: 3, seed: 3 }));

describe("predict", () => {
  test("gives a label a pixel, and probabilities where they are asked for", async () => {
    const { width, height, labels, ...more } = await predict({ network }, picture);
    expect({ width, height, more, length: labels.length }).toEqual({ width: 60, height: 40, more: {}, length: 2400 });
    expect(new Set(labels)).toEqual(new Set([0, 1]));
    const { probabilities = new Float32Array() } = await predict({ network }, picture, { probabilities: true });
    expect([...labels]).toEqual(Array.from(probabilities, (value) => (value > 0.5 ? 1 : 0)));
    expect((await predict({ network: several }, picture, { probabilities: true })).probabilities).toHaveLength(7200);
  });

  test("drops alpha, repeats grey, and takes 16 bits", async () => {
    const rgb = picture.data.filter((_, i) => i % 4 !== 3);
    const expected = await predict({ network }, picture);
    expect(await predict({ network }, { ...picture, data: rgb, channels: 3 })).toEqual(expected);
    const deep = Uint16Array.from(rgb, (value) => 257 * value);
    expect(await predict({ network }, { ...picture, data: deep, channels: 3 })).toEqual(expected);
    const grey = rgb.filter((_, i) => i % 3 === 0);
    const repeated = rgb.map((_, i) => grey[Math.floor(i / 3)]);
    expect(await predict({ network }, { ...picture, data: grey })).toEqual(await predict({ network }, { ...picture, data: repeated }));
  });

  test("reads the picture as the model does", async () => {
    const probabilities = async (normalisation: "picture" | "none") => (await predict({ network, normalisation }, picture, { probabilities: true })).probabilities; // biome-ignore format: one line
    expect(await probabilities("none")).not.toEqual(await probabilities("picture"));
  });

  test("cuts at another probability", async () => {
    const { probabilities = new Float32Array() } = await predict({ network }, picture, { probabilities: true });
    for (const cutoff of [0.3, 0.8]) {
      const { labels } = await predict({ network }, picture, { cutoff });
      expect([...labels]).toEqual(Array.from(probabilities, (value) => (value > cutoff ? 1 : 0)));
    }
  });

  test("tells how far it is, and waits for who is told", async () => {
    const told: number[] = [];
    const onProgress = (done: number) => new Promise<void>((resolve) => setTimeout(() => { told.push(done); resolve(); }, 2)); // biome-ignore format: one line
    await predict({ network }, picture, { tile: 20, onProgress });
    expect(told).toEqual([1, 2, 3, 4, 5, 6].map((one) => expect.closeTo(one / 6, 12)));
  });

  test("lets the event loop run between tiles, and ends with the reason of its signal", async () => {
    const stopping = new AbortController();
    const told: number[] = [];
    const before = memory();
    setImmediate(() => stopping.abort(new Error("enough")));
    const running = predict({ network }, picture, { tile: 16, signal: stopping.signal, onProgress: (done) => told.push(done) });
    await expect(running).rejects.toThrow("enough");
    expect(told.length).toBeLessThan(12);
    expect(memory()).toEqual(before);
    await expect(predict({ network }, picture, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: "AbortError" });
    await expect(predict({ network }, picture, { signal: { aborted: true } })).rejects.toMatchObject({ name: "AbortError" });
  });

  test("averages flips", async () => {
    const plain = await predict({ network }, picture, { probabilities: true });
    const flipped = await predict({ network }, picture, { probabilities: true, flips: true });
    expect(flipped.probabilities).not.toEqual(plain.probabilities);
    // of a picture and its mirror image, the averages are mirror images, too
    const mirrored = { ...picture, data: picture.data.map((_, i) => {
      const [pixel, channel] = [i >> 2, i & 3];
      return picture.data[4 * (pixel - (pixel % 60) + 59 - (pixel % 60)) + channel];
    }) }; // biome-ignore format: one line
    const { probabilities = new Float32Array() } = await predict({ network }, mirrored, { probabilities: true, flips: true });
    for (const [i, value] of probabilities.entries()) {
      expect(value).toBeCloseTo((flipped.probabilities as Float32Array)[i - (i % 60) + 59 - (i % 60)], 5);
    }
  });

  test("takes any module, whose channels say how many classes there are", async () => {
    // which takes no odd sizes
    class Halved extends nn.Module {
      readonly layer = new nn.Conv2d(3, 3, 3, { padding: 1 });
      forward(input: Tensor): Tensor {
        return upsampleNearest(maxPool2d(this.layer.forward(input), 2), 2);
      }
    }
    const own = new Halved();
    const { labels } = await predict({ network: own }, { ...picture, data: picture.data.subarray(0, 4 * 59 * 39), width: 59, height: 39 }); // biome-ignore format: one line
    expect(labels).toHaveLength(59 * 39);
    await expect(predict({ network: own, classes: 4 }, picture)).rejects.toMatchObject({ code: "shape" });
    own.dispose();
  });

  test("sees the picture as it was when it was called", async () => {
    const rgb = picture.data.filter((_, i) => i % 4 !== 3);
    const expected = await predict({ network }, { ...picture, data: rgb }, { tile: 16 });
    const data = rgb.slice();
    const onProgress = () => data.fill(255);
    expect(await predict({ network }, { ...picture, data }, { tile: 16, onProgress })).toEqual(expected);
    const given = { ...picture, data: rgb.slice() };
    const transfer = () =>
      structuredClone(given.data.length && given.data.buffer, { transfer: given.data.length ? [given.data.buffer] : [] });
    expect(await predict({ network }, given, { tile: 16, onProgress: transfer })).toEqual(expected);
  });

  test("reads each option once", async () => {
    let times = 0;
    const once = { get tile() { return times++ === 0 ? 32 : undefined; } }; // biome-ignore format: one line
    expect((await predict({ network }, picture, once as PredictOptions)).labels).toHaveLength(2400);
  });

  const options = (given: unknown) => () => predict({ network }, picture, given as PredictOptions);
  test.each<[string, () => Promise<unknown>, string]>([
    ["a network for a model", () => predict(network as never, picture), "model is a network; pass { network }"],
    ["no model", () => predict(null as never, picture), "model is null, expected { network, classes, normalisation, ignore, threshold }"],
    ["no network", () => predict({} as never, picture), "model.network is undefined, expected an nn.Module such as nn.UNet"],
    ["unknown parts of a model", () => predict({ network, clases: 2 } as never, picture), "model has an unknown clases; it knows network"],
    ["other classes", () => predict({ network, classes: 2 }, picture), "model.classes is 2, but the network has 1 output channels"],
    [
      "one class",
      () => predict({ network, classes: 1 }, picture),
      "model.classes is 1, expected 2 to 255, or null for foreground and background",
    ],
    [
      "more classes than a byte holds",
      () => predict({ network: new nn.UNet({ width: 1, levels: 1, outChannels: 256 }) }, picture),
      "model.network has 256 output channels, expected 1 to 255",
    ],
    [
      "another width",
      () => predict({ network }, { ...picture, channels: 4, width: 59 }),
      "expected 59 x 40 pixels of 4 values, 9440 in all",
    ],
    [
      "no normalisation",
      () => predict({ network, normalisation: "x" as never }, picture),
      'model.normalisation is "x", expected "picture"',
    ],
    ["networks of grey", () => predict({ network: new nn.UNet({ inChannels: 1 }) }, picture), "model.network reads 1 channels, expected 3"],
    ["bare pixels", () => predict({ network }, picture.data as never), "picture.data is undefined, expected a Uint8Array"],
    ["RGBA as RGB", () => predict({ network }, { ...picture, channels: 3 }), "not 3: these look like RGBA pixels, of 4"],
    ["misspelt options", options({ flip: true }), 'has no option "flip"; it knows tile, overlap, flips'],
    ["small tiles", options({ tile: 8 }), "tile is 8, expected a finite number of at least 16"],
    ["a negative overlap", options({ overlap: -1 }), "overlap is -1"],
    ["a cut-off of 1", options({ cutoff: 1 }), "cutoff is 1, expected a number between 0 and 1"],
    ["a cut-off between classes", () => predict({ network: several }, picture, { cutoff: 0.3 }), "but the model decides between 3 classes"],
    ["no signal", options({ signal: "now" }), 'signal is "now", expected an AbortSignal'],
    ["no function", options({ onProgress: 3 }), "onProgress is 3, expected a function"],
  ])("refuses %s", async (_, call, message) => {
    await expect(call()).rejects.toMatchObject({ name: "LovaszError", message: expect.stringContaining(message) });
  });
});
