import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import type { Progress } from "../../../src/cli/model/course.js";
import { Checkpoints, trainingName } from "../../../src/cli/run/checkpoints.js";
import { temporaryFolder } from "../helpers/files.js";
import { training } from "../helpers/runs.js";

const root = temporaryFolder();
let count = 0;
let folder = "";
let files: Checkpoints;
beforeEach(() => {
  folder = join(root, String(count++));
  mkdirSync(folder);
  files = new Checkpoints(folder);
});

const tensor = (...values: number[]) => ({ shape: [values.length], data: Float32Array.from(values) });

/** A training after two epochs, with an average where that is wanted. */
function progress(hasAverage: boolean): Progress {
  const { loss: _, seed: __, epochs, diverged, seconds, ...scores } = training("bce");
  const state = { "down1.0.weight": tensor(0.1, -2, 1e-38), "head.bias": tensor(3) };
  const optimizer = {
    optimizer: "Adam",
    options: { lr: 0.1 + 0.2, betas: [0.9, 0.999] },
    parameters: [{ shape: [3], steps: 4 }],
    state: { "0.exp_avg": tensor(1, 2, 3), "0.exp_avg_sq": tensor(4, 5, 6) },
  };
  const all = epochs.map(({ epoch, loss }) => ({ epoch, loss, validation: null }));
  const ema = hasAverage ? { "down1.0.weight": tensor(7, 8, 9), "head.bias": tensor(10) } : null;
  const fit = { epochs: all, steps: 4, network: { ...state, "head.bias": tensor(11) }, optimizer, ema, dropout: [3, 0] };
  return { epochs, diverged, seconds, best: { ...scores, state }, fit };
}

test.each([
  ["with an average", progress(true)],
  ["without an average", progress(false)],
  ["at its end", { ...progress(false), fit: null, diverged: 3 }],
])("a training %s comes back as it was, to the bit", (_, one) => {
  files.save("0.5*bce+dice", 12, one);
  expect(readdirSync(folder)).toEqual(["0.5xbce+dice.seed-12.safetensors"]);
  expect(trainingName("0.5*bce+dice", 12)).toBe("0.5xbce+dice.seed-12.safetensors");
  expect(files.load("0.5*bce+dice", 12)).toEqual(one);
  expect(files.load("0.5*bce+dice", 1)).toBeNull();
  expect(files.hasProgress).toBe(true);
});

test("the scores of earlier epochs are not kept", () => {
  const one = progress(false);
  const scored = { ...one, fit: one.fit && { ...one.fit, epochs: one.fit.epochs.map((epoch) => ({ ...epoch, validation: one.best })) } };
  files.save("bce", 0, scored);
  expect(files.load("bce", 0)).toEqual(one);
});

test("a damaged training is told, and how to go on without it", () => {
  files.save("bce", 0, progress(false));
  writeFileSync(files.path("bce.seed-0.safetensors"), "no");
  expect(() => files.load("bce", 0)).toThrow(/bce.seed-0.safetensors is damaged; remove it to train by this loss and seed from the start$/);
});

test("how a run was begun comes back, and is null where there is none", () => {
  expect(files.begun()).toBeNull();
  const begun = { version: "1.2.3", options: { seed: 1, device: "wasm" as const }, threads: 2, data: null, results: ["a"] };
  files.begin(begun);
  expect(files.begun()).toEqual(begun);
  expect(files.hasProgress).toBe(false);
  writeFileSync(files.path("run.json"), '{"version":');
  expect(() => files.begun()).toThrow(/run.json is damaged; begin a new run$/);
});

test("a file that cannot be written leaves the one before, and nothing half-written", () => {
  files.write("file", "before");
  expect(() => files.write("file", { length: 3 } as never)).toThrow();
  mkdirSync(files.path("folder"));
  expect(() => files.write("folder", "text")).toThrow();
  expect(readdirSync(folder).sort()).toEqual(["file", "folder"]);
});

test("tidy removes what was half-written", () => {
  files.write("file", "whole");
  writeFileSync(files.path(".lovasz-1"), "half");
  mkdirSync(files.path(".lovasz-2/results"), { recursive: true });
  files.tidy();
  expect(readdirSync(folder)).toEqual(["file"]);
});

test("a folder that was taken away holds nothing", () => {
  rmSync(folder, { recursive: true });
  expect([files.begun(), files.load("bce", 0), files.hasProgress]).toEqual([null, null, false]);
  writeFileSync(folder, "a file");
  expect([files.begun(), files.load("bce", 0), files.hasProgress]).toEqual([null, null, false]);
});
