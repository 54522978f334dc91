import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startingModel } from "../../../src/cli/run/startingModel.js";
import { memory, nn } from "../../../src/index.js";
import { saveNetwork } from "../../../src/model/saveNetwork.js";
import { binaryTask, multiclassTask } from "../../../src/model/task.js";
import { temporaryFolder } from "../helpers/files.js";

const root = temporaryFolder();

function saved(name: string, network: nn.UNet | nn.FastSCNN, normalisation: "picture" | "none" = "picture"): string {
  const file = join(root, `${name}.safetensors`);
  writeFileSync(file, saveNetwork({ network, normalisation }));
  return file;
}

const unet = new nn.UNet({ width: 2, levels: 2, norm: "batch", outChannels: 3, seed: 5 });
const fast = new nn.FastSCNN({ width: 2, outChannels: 2, seed: 5 });

test.each([
  ["unet", unet, 3],
  ["fast", fast, 2],
] as const)("a model of the same classes gives all its weights: %s", async (name, network, classes) => {
  const before = memory();
  const file = saved(name, network);
  const { weights, note, architecture } = await startingModel(file, multiclassTask(classes));
  expect(weights).toEqual(network.stateDict());
  expect(note).toBe(`weights from ${file}`);
  expect(architecture.width).toBe(2);
  expect(memory()).toEqual(before);
});

test.each([
  ["unet", unet, "3 classes", ["head.bias", "head.weight"]],
  ["fast", fast, "2 classes", ["classifier.layers.2.bias", "classifier.layers.2.weight"]],
] as const)("one of other classes gives all but those of its last layer: %s", async (name, network, told, last) => {
  const file = saved(name, network);
  const { weights, note } = await startingModel(file, binaryTask);
  const all = Object.keys(network.stateDict());
  expect(all.filter((one) => !Object.hasOwn(weights, one)).sort()).toEqual(last);
  expect(note).toBe(`weights from ${file}; its last layer is new, as it told ${told} apart and these data have foreground and background`);
});

test("one that reads pictures in another way is refused", async () => {
  const before = memory();
  const file = saved("none", unet, "none");
  await expect(startingModel(file, binaryTask)).rejects.toThrow(
    /none.safetensors cannot be trained further by this command: it reads pictures normalised by none; use fit of lovasz\/model$/,
  );
  expect(memory()).toEqual(before);
});
