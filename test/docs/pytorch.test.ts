// docs/pytorch.md, in PyTorch itself: a network that is trained there and converted by the lines of that page scores here what it scores there.
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadNetwork } from "../../src/model/loadNetwork.js";
import { predict } from "../../src/model/predict.js";
import { Score } from "../../src/model/score.js";
import { binaryTask } from "../../src/model/task.js";
import { temporaryFolder } from "../cli/helpers/files.js";
import { askPython, pythonOf, pythonWith } from "../helpers/python.js";
import { snippetsOf } from "./snippets.js";

const PAGE = "docs/pytorch.md";
const python = pythonWith(["torch", "safetensors"], `the Python of ${PAGE}`);

interface Answer {
  width: number;
  height: number;
  iou: number;
  difference: number;
  pictures: number[][];
  masks: number[][];
}

test.skipIf(!python)("a U-Net that PyTorch trained scores the same here, and comes back unchanged", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(fileURLToPath(new URL("../..", import.meta.url)), join(folder, "node_modules/lovasz"), "junction");
  const [{ code }] = snippetsOf(PAGE);
  const converted = code.slice(0, code.indexOf("\n}\n") + 3);
  const files = `import { readFile, writeFile } from "node:fs/promises";
await writeFile("model.safetensors", fromPyTorch(await readFile("unet.safetensors")));`;
  writeFileSync(join(folder, "convert.mjs"), `${converted}\n${files}\n`);
  const request = {
    networks: pythonOf("docs/networks.md").join("\n"),
    blocks: pythonOf(PAGE),
    node: process.execPath,
    program: "convert.mjs",
  };
  const script = new URL("pytorch.py", import.meta.url);
  const { width, height, iou, difference, pictures, masks } = askPython(python as string, script, request, folder) as Answer;

  const model = loadNetwork(readFileSync(join(folder, "model.safetensors")));
  const { network } = model;
  const score = new Score(binaryTask);
  for (const [i, values] of pictures.entries()) {
    const { labels } = await predict(model, { data: Uint8Array.from(values), width, height, channels: 3 });
    score.add(labels, Uint8Array.from(masks[i]));
  }
  const scores = score.scores();
  console.info(`IoU in PyTorch ${(100 * iou).toFixed(3)} %, here ${(100 * scores.iou).toFixed(3)} %`);
  // it has learnt something
  expect(iou).toBeGreaterThan(0.5);
  expect(Math.abs(scores.iou - iou)).toBeLessThan(0.001);
  expect(difference).toBe(0);

  const changed = loadNetwork(readFileSync(join(folder, "changed.safetensors"))).network;
  expect(changed.stateDict()).toEqual(network.stateDict());
  for (const one of [network, changed]) one.dispose();
});
