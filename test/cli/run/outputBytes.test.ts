import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { outputBytes } from "../../../src/cli/run/outputBytes.js";
import { binaryTask } from "../../../src/model/task.js";
import { call } from "../helpers/call.js";
import { temporaryFolder, writeDiscs } from "../helpers/files.js";
import { noisePicture } from "../helpers/samples.js";

const root = temporaryFolder();

test("outputBytes(recipe, losses, validation) grows with each of them", () => {
  const recipe = { task: binaryTask, epochs: 2, batch: 4, width: 8, lr: 0.002, seed: 7 };
  const one = [noisePicture(8, 8, 1)];
  const least = outputBytes(recipe, 1, one);
  expect(outputBytes({ ...recipe, epochs: 100 }, 1, one)).toBeGreaterThan(least);
  expect(outputBytes({ ...recipe, width: 16 }, 1, one)).toBeGreaterThan(least);
  expect(outputBytes(recipe, 2, one)).toBeGreaterThan(least);
  expect(outputBytes(recipe, 1, [noisePicture(80, 80, 1)])).toBeGreaterThan(least);
});

test("a run writes no more", async () => {
  const [data, out] = [writeDiscs(join(root, "data"), { count: 10 }), join(root, "out")];
  const args = ["train", "--data", data, "--out", out, "--epochs", "30", "--width", "2", "--loss", "bce,dice", "--quiet"];
  expect((await call(...args)).code).toBe(0);
  const written = readdirSync(out).reduce((sum, name) => sum + statSync(join(out, name)).size, 0);
  const recipe = { task: binaryTask, epochs: 30, batch: 4, width: 2, lr: 0.002, seed: 0 };
  expect(written).toBeLessThanOrEqual(outputBytes(recipe, 2, [noisePicture(24, 24, 1), noisePicture(24, 24, 2)]));
  expect(written).toBeGreaterThan(2 ** 15);
});
