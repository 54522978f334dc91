import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { outputBytes } from "../../../src/cli/run/outputBytes.js";
import { multiclassTask } from "../../../src/model/task.js";
import { call } from "../helpers/call.js";
import { temporaryFolder, writeDiscs } from "../helpers/files.js";
import { recipe } from "../helpers/runs.js";
import { noisePicture } from "../helpers/samples.js";

const root = temporaryFolder();

test("outputBytes(recipe, losses, validation) grows with each of them", () => {
  const own = recipe();
  const one = [noisePicture(8, 8, 1)];
  const least = outputBytes(own, 1, one);
  expect(outputBytes(recipe({ epochs: 100 }), 1, one)).toBeGreaterThan(least);
  expect(outputBytes(recipe({ seeds: 2 }), 1, one)).toBeGreaterThan(least);
  expect(outputBytes(recipe({ width: 16 }), 1, one)).toBeGreaterThan(least);
  expect(outputBytes(own, 2, one)).toBeGreaterThan(least);
  expect(outputBytes(own, 1, [noisePicture(80, 80, 1)])).toBeGreaterThan(least);
  const ofClasses = (classes: number) => outputBytes(recipe({ task: multiclassTask(classes) }), 1, one);
  expect(ofClasses(3)).toBeGreaterThan(ofClasses(2));
});

test("a run writes no more", async () => {
  const [data, out] = [writeDiscs(join(root, "data"), { count: 10 }), join(root, "out")];
  const args = ["train", "--data", data, "--out", out, "--epochs", "30", "--width", "2", "--norm", "none", "--loss", "bce,dice", "--quiet"];
  expect((await call(...args)).code).toBe(0);
  const written = readdirSync(out).reduce((sum, name) => sum + statSync(join(out, name)).size, 0);
  expect(written).toBeLessThanOrEqual(outputBytes(recipe({ epochs: 30, width: 2 }), 2, [noisePicture(24, 24, 1), noisePicture(24, 24, 2)]));
  expect(written).toBeGreaterThan(2 ** 15);
});
