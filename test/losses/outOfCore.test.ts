import { expect, test } from "vitest";
import { crossEntropy, lovaszSoftmax, tensor, tidy, zeros } from "../../src/index.js";
import { outOfCore } from "../../src/losses/outOfCore.js";

test("outOfCore(given) copies views of the core's memory, alone, in rows and in options", () => {
  const { data } = tensor([1, 2]);
  const [alone, rows, options] = [outOfCore(data), outOfCore([data, data]), outOfCore({ pixelWeights: data, perImage: true })];
  zeros([10]);
  expect([...alone]).toEqual([1, 2]);
  expect(rows.map((row) => [...row])).toEqual([
    [1, 2],
    [1, 2],
  ]);
  expect(options).toEqual({ pixelWeights: Float32Array.of(1, 2), perImage: true });
});

test("outOfCore(given) leaves all else as it is", () => {
  for (const given of [[1, 2], new Uint8Array(2), { classes: [1] }, null, undefined, new Map(), [[1], [2]], tensor([1])]) {
    expect(outOfCore(given)).toBe(given);
  }
});

const logits = tensor([[1, 2, 3]]);

test.each<[string, (classWeights: Float32Array) => number]>([
  ["lovaszSoftmax", (classWeights) => tidy(() => lovaszSoftmax(logits, [1], { classWeights }).item())],
  ["crossEntropy", (classWeights) => tidy(() => crossEntropy(logits, [1], { classWeights }).item())],
])("%s of a Tensor takes weights of classes in the core's memory", (_, lossOf) => {
  const weights = tensor([1, 2, 3]);
  expect(lossOf(weights.data)).toBe(lossOf(Float32Array.of(1, 2, 3)));
});
