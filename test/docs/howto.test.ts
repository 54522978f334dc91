// The pages of docs/howto/ that show programs of examples/, or that need files.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { decode, encode } from "fast-png";
import { describe, expect, test } from "vitest";
import { nn } from "../../src/index.js";
import { loadNetwork, predict, saveNetwork } from "../../src/model/index.js";
import { printed, snippetsOf } from "./snippets.js";

describe.each(["worker", "page"])("docs/howto/%s.md", (name) => {
  const text = readFileSync(`docs/howto/${name}.md`, "utf8");
  const shown = [...text.matchAll(/^.*`(\S+)`:\n\n```(?:js|html)\n([\s\S]*?)^```$/gm)].map(([, file, code]) => [file, code]);

  test("shows every file of the program, as it is", () => {
    const files = readdirSync(`examples/${name}`).map((file) => [file, readFileSync(`examples/${name}/${file}`, "utf8")]);
    expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(files));
  });
});

test("the program of docs/howto/predict.md writes the mask that predict gives", async () => {
  const network = new nn.UNet({ width: 2, levels: 2, seed: 3 });
  const [width, height] = [30, 20];
  const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => (Math.floor(i / 90) * 37 + (i % 3) * 50) % 251);
  // where the package is found by its name
  const folder = mkdtempSync("build/howto-");
  try {
    writeFileSync(`${folder}/model.safetensors`, saveNetwork({ network }));
    writeFileSync(`${folder}/picture.png`, encode({ data, width, height, channels: 3 }));
    const [{ code }] = snippetsOf("docs/howto/predict.md");
    await printed(code, folder);
    const mask = decode(readFileSync(`${folder}/mask.png`));
    const { labels } = await predict({ network }, { data, width, height });
    expect(new Set(labels).size).toBe(2);
    expect(mask).toMatchObject({ width, height, channels: 1, data: labels.map((label) => 255 * label) });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the program of docs/howto/continue.md trains a model further", async () => {
  const network = new nn.UNet({ width: 2, levels: 2, norm: "batch", seed: 3 });
  const folder = mkdtempSync("build/howto-");
  try {
    writeFileSync(`${folder}/model.safetensors`, saveNetwork({ network }));
    const [{ code }] = snippetsOf("docs/howto/continue.md");
    await printed(code, folder);
    const tuned = loadNetwork(readFileSync(`${folder}/fine-tuned.safetensors`)).network.stateDict();
    const before = network.stateDict();
    const moved = Math.max(...tuned["head.weight"].data.map((value, i) => Math.abs(value - before["head.weight"].data[i])));
    expect(moved).toBeGreaterThan(1e-5);
    // three steps of at most 0.0005
    expect(moved).toBeLessThan(0.002);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
