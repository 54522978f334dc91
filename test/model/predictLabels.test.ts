import { expect, test } from "vitest";
import { memory, nn } from "../../src/index.js";
import { predictLabels } from "../../src/model/predictLabels.js";
import { binaryTask, multiclassTask } from "../../src/model/task.js";
import { noise } from "../cli/helpers/samples.js";

test.each([
  [1, 1],
  [3, 5],
  [64, 64],
  [150, 101],
])("tiles of a picture of %i x %i say what the whole says", (width, height) => {
  // biome-ignore format: one line
  const network = new nn.UNet({ inChannels: 3, outChannels: 1, width: 4, seed: 2 });
  const sample = noise(width, height);
  const expected = predictLabels(network, sample, binaryTask, 1000);
  expect(expected).toHaveLength(width * height);
  const tiled = predictLabels(network, sample, binaryTask, 40);
  expect(tiled.filter((label, i) => label !== expected[i])).toHaveLength(0);
  network.dispose();
});

test("a label a pixel of several classes, and no tensor left", () => {
  const network = new nn.UNet({ inChannels: 3, outChannels: 3, width: 2, seed: 1 });
  const before = memory();
  const labels = predictLabels(network, noise(50, 30), multiclassTask(3), 20);
  expect(labels).toHaveLength(1500);
  expect(Math.max(...labels)).toBeLessThan(3);
  expect(memory()).toEqual(before);
  network.dispose();
});
