// Long runs leave memory as they found it.
import { expect, test, vi } from "vitest";
import {
  binaryCrossEntropy,
  lovaszHinge,
  lovaszSigmoid,
  lovaszSoftmax,
  memory,
  nn,
  optim,
  randn,
  tidy,
  valueAndGrad,
} from "../src/index.js";
import { uniform } from "../src/random.js";
import { memorySize } from "../src/wasm/memory.js";

// so many calls take the core as it is: views die in all other tests
vi.unmock("../src/wasm/instance.js");

// every norm, upsampling and dropout of a U-Net, trained in turn
const NETWORKS = (["none", "group", "batch"] as const).flatMap((norm) =>
  (["nearest", "bilinear", "transposed"] as const).flatMap((upsample) => [0, 0.2].map((dropout) => ({ norm, upsample, dropout }))),
);

test("8,000 training steps, of batches of changing sizes, leave memory where 200 left it", { timeout: 300_000 }, () => {
  const all = NETWORKS.map((options) => {
    const network = new nn.UNet({ inChannels: 1, width: 2, levels: 2, ...options });
    return { network, adam: new optim.AdamW(network.parameters(), { lr: 1e-3 }), average: new optim.EMA(network, { decay: 0.9 }) };
  });
  const step = (i: number) =>
    tidy(() => {
      const { network, adam, average } = all[i % all.length];
      const [images, height, width] = [2 + (i % 2), 5 + (i % 4), 6 + (i % 3)];
      const logits = network.forward(randn([images, 1, height, width], { seed: i }));
      const labels = Uint8Array.from({ length: images * height * width }, (_, at) => (at >> 2) & 1);
      binaryCrossEntropy(logits, labels).add(lovaszHinge(logits, labels)).backward();
      optim.clipGradNorm(network.parameters(), 1);
      adam.step();
      adam.zeroGrad();
      average.update();
    });
  for (let i = 0; i < 200; i++) step(i);
  const [early, size] = [memory(), memorySize()];
  for (let i = 200; i < 8_000; i++) step(i);
  expect(memory()).toEqual(early);
  expect(memorySize()).toBe(size);
  for (const made of all.flatMap(({ network, adam, average }) => [average, adam, network])) made.dispose();
});

test("40,000 loss calls of changing sizes leave memory where the largest left it", { timeout: 300_000 }, () => {
  const MOST = 600;
  const next = uniform(1);
  const values = Float32Array.from({ length: 3 * MOST }, () => 4 * next() - 2);
  const labels = Uint8Array.from({ length: MOST }, () => Math.floor(2 * next()));
  const call = (n: number, kind: number) => {
    const method = kind % 2 === 0 ? "sort" : "histogram";
    const bins = method === "histogram" ? { bins: 256 } : {};
    if (kind < 2) return valueAndGrad(lovaszHinge)(values.subarray(0, n), labels.subarray(0, n), { method, ...bins });
    if (kind < 4) return valueAndGrad(lovaszSigmoid)(values.subarray(0, n), labels.subarray(0, n), { method, ...bins });
    return valueAndGrad(lovaszSoftmax)(values.subarray(0, 3 * n), labels.subarray(0, n), { shape: [1, 3, n], method, ...bins });
  };
  for (let kind = 0; kind < 6; kind++) call(MOST, kind);
  const [early, size] = [memory(), memorySize()];
  for (let i = 0; i < 40_000; i++) call(1 + Math.floor(next() ** 3 * MOST), i % 6);
  expect(memory()).toEqual(early);
  expect(memorySize()).toBe(size);
});
