import { describe, expect, test } from "vitest";
import { memory, nn, noGrad, tensor, tidy } from "../../src/index.js";
import type { Pixels } from "../../src/model/pixels.js";
import { predictLabels } from "../../src/model/predictLabels.js";
import { binaryTask, multiclassTask } from "../../src/model/task.js";
import { noise } from "../cli/helpers/samples.js";
import { stirred } from "./helpers/nets.js";

/** The probabilities of foreground from the whole picture at once, computed from first principles; `turn` mirrors and flips it. */
function wholeProbabilities(network: nn.Module, { rgb, width, height, mean, scale }: Pixels, turn = 0): Float32Array {
  const at = (i: number) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return (turn & 2 ? height - 1 - y : y) * width + (turn & 1 ? width - 1 - x : x);
  };
  const planes = Float32Array.from({ length: 3 * width * height }, (_, i) => {
    const [c, pixel] = [Math.floor(i / (width * height)), i % (width * height)];
    return (rgb[3 * at(pixel) + c] - mean[c]) * scale[c];
  });
  network.eval();
  const logits = noGrad(() => tidy(() => network.forward(tensor(planes, [1, 3, height, width])).data.slice()));
  return logits.map((_, i) => 1 / (1 + Math.exp(-logits[at(i)])));
}

const largest = (values: Float32Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

const NETWORKS: [string, () => nn.Module][] = [
  ["one level", () => new nn.UNet({ width: 4, levels: 1, seed: 2 })],
  ["three levels", () => new nn.UNet({ width: 4, seed: 2 })],
  ["four levels, bilinear, with batch norm", () => new nn.UNet({ width: 4, levels: 4, upsample: "bilinear", norm: "batch", seed: 3 })],
  ["three levels, transposed, with dropout", () => new nn.UNet({ width: 4, upsample: "transposed", dropout: 0.5, seed: 4 })],
];

describe.each(NETWORKS)("a U-Net of %s", (_, make) => {
  test.each([
    [1, 1],
    [3, 5],
    [150, 101],
  ])("says of tiles of %i x %i pixels what it says of the whole", async (width, height) => {
    const network = stirred(make());
    const sample = noise(width, height);
    for (const turn of [0, 1, 2, 3]) {
      const expected = wholeProbabilities(network, sample, turn);
      for (const tile of [16, 40, 1000]) {
        const { probabilities } = await predictLabels(network, sample, { task: binaryTask, tile, turns: [turn], probabilities: true });
        expect(largest((probabilities as Float32Array).map((value, i) => value - expected[i]))).toBeLessThan(1e-5);
      }
    }
    network.dispose();
  });
});

test("a U-Net depends on the pixels of its margin, and tiles that read less show it", async () => {
  const network = stirred(new nn.UNet({ width: 4, levels: 4, upsample: "bilinear", seed: 3 }));
  const sample = noise(300, 40);
  const expected = wholeProbabilities(network, sample);
  const off = async (overlap: number) => {
    const { probabilities } = await predictLabels(network, sample, { task: binaryTask, tile: 96, overlap, probabilities: true });
    return largest((probabilities as Float32Array).map((value, i) => value - expected[i]));
  };
  expect(await off(140)).toBeLessThan(1e-5);
  expect(await off(16)).toBeGreaterThan(1e-4);
  network.dispose();
});

describe("a U-Net with group normalisation", () => {
  // bright to the right, so that tiles of statistics of their own would differ
  const lit = (width: number, height: number) => {
    const dark = noise(width, height);
    return { ...dark, rgb: dark.rgb.map((value, i) => value * (0.2 + (0.8 * (Math.floor(i / 3) % width)) / width)) };
  };
  const network = () => stirred(new nn.UNet({ width: 8, norm: "group", seed: 3 }));

  test("takes the statistics of the whole picture in all tiles, where the sample is the whole", async () => {
    const [one, sample] = [network(), lit(150, 101)];
    for (const turn of [0, 3]) {
      const expected = wholeProbabilities(one, sample, turn);
      const { probabilities } = await predictLabels(one, sample, { task: binaryTask, tile: 40, turns: [turn], probabilities: true });
      expect(largest((probabilities as Float32Array).map((value, i) => value - expected[i]))).toBeLessThan(1e-5);
    }
    one.dispose();
  });

  test("takes those of a sample of larger pictures, which come near", async () => {
    const [one, sample] = [network(), lit(1300, 48)];
    const expected = wholeProbabilities(one, sample);
    const { probabilities } = await predictLabels(one, sample, { task: binaryTask, tile: 128, probabilities: true });
    const off = (probabilities as Float32Array).map((value, i) => value - expected[i]);
    expect(largest(off)).toBeLessThan(0.05);
    // and there is no seam: between columns, the difference changes no more at tiles than elsewhere
    const column = (x: number) => Array.from({ length: 48 }, (_, y) => off[y * 1300 + x]).reduce((sum, value) => sum + value, 0) / 48;
    const jumps = Array.from({ length: 1280 }, (_, x) => Math.abs(column(x + 1) - column(x)));
    const atSeams = jumps.filter((_, x) => x % 120 === 119);
    expect(Math.max(...atSeams)).toBeLessThanOrEqual(Math.max(...jumps.filter((_, x) => x % 120 !== 119)));
    one.dispose();
  });
});

test("tiles that agree are blended to what they agree on, in both directions", async () => {
  const network = new nn.Conv2d(3, 2, 3, { padding: 1, seed: 1 });
  const sample = noise(203, 150);
  const at = async (tile: number) => (await predictLabels(network, sample, { task: null, tile, probabilities: true })).probabilities;
  const [whole, tiled] = [await at(1000), await at(64)];
  expect(largest((tiled as Float32Array).map((value, i) => value - (whole as Float32Array)[i]))).toBeLessThan(1e-6);
  network.dispose();
});

test("tiles of a network that sees the whole picture are blended: at the seam, the difference from the whole jumps no more than elsewhere", async () => {
  const network = stirred(new nn.FastSCNN({ width: 4, seed: 3 }));
  const [width, height] = [512, 64];
  const dark = noise(width, height);
  const rgb = dark.rgb.map((value, i) => value * (0.2 + (0.8 * (Math.floor(i / 3) % width)) / width));
  const sample = { ...dark, rgb };
  const whole = wholeProbabilities(network, sample);
  const jumps = async (overlap?: number) => {
    const { probabilities } = await predictLabels(network, sample, { task: binaryTask, tile: 256, overlap, probabilities: true });
    const off = (probabilities as Float32Array).map((value, i) => value - whole[i]);
    const column = (x: number) => Array.from({ length: height }, (_, y) => off[y * width + x]).reduce((sum, one) => sum + one, 0) / height;
    return Array.from({ length: width - 1 }, (_, x) => Math.abs(column(x + 1) - column(x)));
  };
  const [cut, blended] = [await jumps(0), await jumps()];
  expect(cut[255]).toBe(Math.max(...cut));
  expect(Math.max(...blended)).toBeLessThan(0.25 * cut[255]);
  network.dispose();
});

test("averages the logits of mirror images", async () => {
  const network = stirred(new nn.UNet({ width: 4, seed: 5 }));
  const sample = noise(70, 41);
  const logits = [0, 1, 2, 3].map((turn) => wholeProbabilities(network, sample, turn).map((p) => Math.log(p / (1 - p))));
  const wanted = { task: binaryTask, tile: 32, turns: [0, 1, 2, 3], probabilities: true };
  const { probabilities, labels } = await predictLabels(network, sample, wanted);
  const expected = logits[0].map((_, i) => 1 / (1 + Math.exp(-(logits[0][i] + logits[1][i] + logits[2][i] + logits[3][i]) / 4)));
  expect(largest((probabilities as Float32Array).map((value, i) => value - expected[i]))).toBeLessThan(1e-5);
  expect([...labels]).toEqual(Array.from(probabilities as Float32Array, (value) => (value > 0.5 ? 1 : 0)));
  network.dispose();
});

test("a label and the probabilities of each of several classes, and no tensor left", async () => {
  const network = new nn.UNet({ inChannels: 3, outChannels: 3, width: 2, seed: 1 });
  const before = memory();
  const wanted = { task: multiclassTask(3), tile: 20, probabilities: true };
  const { labels, probabilities } = await predictLabels(network, noise(50, 30), wanted);
  expect(memory()).toEqual(before);
  const p = probabilities as Float32Array;
  expect([labels.length, p.length]).toEqual([1500, 4500]);
  for (let i = 0; i < 1500; i++) {
    const one = [p[i], p[1500 + i], p[3000 + i]];
    expect(one[0] + one[1] + one[2]).toBeCloseTo(1, 6);
    expect(labels[i]).toBe(one.indexOf(Math.max(...one)));
  }
  network.dispose();
});

test("hands on the rows, from the top to the bottom, with their logits and labels", async () => {
  const network = new nn.UNet({ width: 2, seed: 1 });
  const [width, height] = [20, 70];
  const logits = new Float32Array(width * height);
  const labels = new Uint8Array(width * height);
  const uppers: number[] = [];
  const predicted = await predictLabels(network, noise(width, height), {
    task: binaryTask,
    tile: 32,
    limit: 0.05,
    probabilities: true,
    onRows: (rows) => {
      uppers.push(rows.upper);
      logits.set(rows.logits, rows.upper * width);
      labels.set(rows.labels, rows.upper * width);
    },
  });
  network.dispose();
  expect(uppers).toEqual([0, 24, 48]);
  expect(labels).toEqual(predicted.labels);
  expect(labels).toEqual(Uint8Array.from(logits, (logit) => (logit > 0.05 ? 1 : 0)));
  expect(new Set(labels).size).toBe(2);
  expect(logits.map((logit) => 1 / (1 + Math.exp(-logit)))).toEqual(predicted.probabilities);
});

test("leaves a network in the mode in which it was, between tiles, too", async () => {
  const network = new nn.UNet({ width: 4, norm: "batch", dropout: 0.5, seed: 1 });
  network.down1.eval();
  const state = network.stateDict();
  const modes = () => [network, network.down1, network.bottom].map(({ training }) => training);
  const seen: boolean[][] = [];
  await predictLabels(network, noise(40, 40), { task: binaryTask, tile: 20, onProgress: () => seen.push(modes()) });
  expect(seen).toEqual(new Array(4).fill([true, false, true]));
  expect(modes()).toEqual([true, false, true]);
  expect(network.stateDict()).toEqual(state);
  network.dispose();
});

test("refuses logits that are no numbers, and says where", async () => {
  const network = new nn.Conv2d(3, 2, 1);
  const { data } = network.weight;
  data[5] = Number.NaN;
  await expect(predictLabels(network, noise(30, 30), { task: null })).rejects.toThrow(
    "the network's logit of column 0, row 0 is NaN; its training diverged",
  );
  network.dispose();
});

test.each([
  ["a row of tiles of 255 x 1 x 36000000 logits take more memory than there is; lower tile", 36e6, 1],
  ["the probabilities of 255 x 36000000 x 1 values take more memory than there is; leave them out", 1, 36e6],
])("says of results larger than memory: %s", async (message, width, height) => {
  const network = new nn.Conv2d(3, 255, 1);
  const pixels = { rgb: new Uint8Array(3 * 36e6), width, height, white: 255, mean: [0, 0, 0], scale: [1, 1, 1] } as const;
  const wanted = { task: null, tile: 16, overlap: 0, probabilities: true };
  await expect(predictLabels(network, pixels, wanted)).rejects.toMatchObject({ code: "memory", message: `predict: ${message}` });
  network.dispose();
});
