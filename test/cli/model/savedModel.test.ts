import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { decode, encode } from "../../../src/cli/model/safetensors.js";
import { loadModel, modelFile, modelName } from "../../../src/cli/model/savedModel.js";
import { memory, nn } from "../../../src/index.js";
import { predictLabels } from "../../../src/model/predictLabels.js";
import { binaryTask, multiclassTask } from "../../../src/model/task.js";
import { temporaryFolder } from "../helpers/files.js";
import { noise } from "../helpers/samples.js";

const file = join(temporaryFolder(), modelName("bce"));
const network = new nn.UNet({ inChannels: 3, outChannels: 1, width: 2, seed: 5 });
const bytes = modelFile(network.stateDict(), { loss: "bce", width: 2, task: binaryTask });

function load(contents: Uint8Array) {
  writeFileSync(file, contents);
  return loadModel(file);
}

/** The file with other metadata or tensors, and a checksum that holds. */
function altered({ metadata = {}, tensors = {} }: { metadata?: Record<string, string>; tensors?: nn.StateDict }): Uint8Array {
  const good = decode(bytes, "");
  return encode({ metadata: { ...good.metadata, ...metadata }, tensors: { ...good.tensors, ...tensors } });
}

test("modelName has no character that a system refuses in the names of files", () => {
  expect(modelName("0.5*bce+2*dice")).toBe("0.5xbce+2xdice.safetensors");
});

describe("loadModel", () => {
  test("gives back the network that was saved", async () => {
    const loaded = await load(bytes);
    expect(loaded.network.stateDict()).toEqual(network.stateDict());
    expect(loaded).toMatchObject({ task: binaryTask, loss: "bce" });
    const sample = noise(16, 8);
    const labelsOf = async (one: nn.UNet) => (await predictLabels(one, sample, { task: binaryTask })).labels;
    expect(await labelsOf(loaded.network)).toEqual(await labelsOf(network));
    loaded.network.dispose();
  });

  test("knows the classes", async () => {
    const several = new nn.UNet({ inChannels: 3, outChannels: 4, width: 1, seed: 5 });
    const loaded = await load(modelFile(several.stateDict(), { loss: "ce", width: 1, task: multiclassTask(4) }));
    expect(loaded.task).toMatchObject({ classes: 4, outChannels: 4 });
    several.dispose();
    loaded.network.dispose();
  });

  test("knows how the masks of the training were read", async () => {
    const { metadata } = decode(bytes, "");
    expect(metadata).toMatchObject({ classes: "none", ignore: "none", threshold: "none", normalisation: "picture" });
    const made = modelFile(network.stateDict(), { loss: "bce", width: 2, task: binaryTask, ignore: 0, threshold: 128 });
    for (const [file, ignore, threshold] of [
      [bytes, null, null],
      [made, 0, 128],
    ] as const) {
      const loaded = await load(file);
      expect(loaded).toMatchObject({ ignore, threshold });
      loaded.network.dispose();
    }
  });

  test("reads a file of 0.1.0, which does not say how", async () => {
    const { tensors, metadata } = decode(bytes, "");
    const { classes, ignore, threshold, ...old } = metadata;
    expect([classes, ignore, threshold]).toEqual(["none", "none", "none"]);
    const loaded = await load(encode({ tensors, metadata: old }));
    expect(loaded).toMatchObject({ task: binaryTask, ignore: undefined, threshold: undefined });
    loaded.network.dispose();
  });

  const head = (fill: number) => ({ "head.weight": { shape: [1, 2, 1, 1], data: Float32Array.of(0, fill) } });
  test.each<[string, Uint8Array, RegExp]>([
    [
      "another kind",
      altered({ metadata: { kind: "other.Net" } }),
      /holds other.Net with normalisation picture, this version reads lovasz.UNet/,
    ],
    ["another normalisation", altered({ metadata: { normalisation: "imagenet" } }), /with normalisation imagenet/],
    ["another number of classes", altered({ metadata: { classes: "3" } }), /has classes: 3, but 1 channel;/],
    ["a value to ignore that is none", altered({ metadata: { ignore: "-1" } }), /has ignore -1, expected none or 0 to 65535/],
    ["a threshold out of range", altered({ metadata: { threshold: "65536" } }), /has threshold 65536, expected none or 0 to 65535/],
    ["no width", altered({ metadata: { width: "" } }), /has width , expected 1 to 256/],
    ["a width out of range", altered({ metadata: { width: "1e9" } }), /has width 1e9, expected 1 to 256/],
    ["more width than values", altered({ metadata: { width: "256" } }), /has too few values for a width of 256/],
    ["another width", altered({ metadata: { width: "1" } }), /does not fit its own description: .*has shape \[2, 3, 3, 3\]/],
    ["more channels", altered({ metadata: { inChannels: "4" } }), /reads 4 channels, expected 3/],
    ["more classes than numbers", altered({ metadata: { outChannels: "256" } }), /has outChannels 256, expected 1 to 255/],
    ["other channels", altered({ metadata: { outChannels: "3", classes: "3" } }), /does not fit its own description/],
    [
      "another network's values",
      altered({ tensors: { "side.weight": { shape: [1], data: Float32Array.of(1) } } }),
      /belongs to another network/,
    ],
    ["weights that are no numbers", altered({ tensors: head(Number.NaN) }), /has values that are not finite/],
    ["endless weights", altered({ tensors: head(Number.POSITIVE_INFINITY) }), /has values that are not finite/],
  ])("refuses %s", async (_, contents, message) => {
    const before = memory();
    await expect(load(contents)).rejects.toMatchObject({ name: "LovaszError", code: "data", message: expect.stringMatching(message) });
    expect(memory()).toEqual(before);
  });

  test("names a file that is not there", async () => {
    await expect(loadModel(`${file}.old`)).rejects.toThrow(`${file}.old does not exist; pass a file that lovasz train wrote`);
  });
});
