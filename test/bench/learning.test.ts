// The whole of `bench -- learning`, small: the command as it was built, few pictures, one epoch.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { temporaryFolder, writeBands, writeDiscs } from "../cli/helpers/files.js";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const program = here("../../dist/cli.js");
const built = existsSync(program) && existsSync(here("../../build/losses.js"));
if (!built) console.warn("skipped: dist/ or build/losses.js is missing; npm run build makes them");

const root = temporaryFolder();
const silent = { say: () => {} };

/** The pictures of a data folder as sets list them. */
function listed(folder: string, masks: string) {
  const files = readdirSync(join(folder, "images"));
  return files.map((file) => ({ name: file.slice(0, -4), image: join(folder, "images", file), truth: join(folder, masks, file) }));
}

describe.skipIf(!built)("bench -- learning", () => {
  test("trains, scores, compares and plots; interrupted, it continues", async () => {
    const { learn } = await import("../../bench/learning/learn.mjs");
    const { differenceRows, measure, measuresOf, summaryRows } = await import("../../bench/learning/measures.mjs");
    const { plot } = await import("../../bench/learning/plot.mjs");
    const { Results } = await import("../../bench/learning/results.mjs");
    const { runUnit } = await import("../../bench/learning/unit.mjs");
    const discs = listed(writeDiscs(join(root, "discs"), { count: 7 }), "masks");
    const parts = { train: discs.slice(0, 3), val: discs.slice(3, 5), test: discs.slice(5) };
    const losses = ["bce", "bce+lovasz-hinge"];
    const work = { command: [process.execPath, program], classes: null, args: ["--epochs", "1"], losses, parts };
    const units = [1, 2].map((seed) => ({ set: "discs", seed, fold: 0 }));
    const results = new Results(join(root, "results"), "recipe");
    type Unit = (typeof units)[number];
    const run = async ({ seed }: Unit, signal: AbortSignal) => ({ losses: await runUnit({ ...work, seed, signal }) });
    const killed = async (unit: Unit, signal: AbortSignal) => {
      if (unit.seed === 1) return run(unit, signal);
      return run(unit, AbortSignal.timeout(1));
    };
    await expect(learn(units, { results, run: killed, ...silent })).rejects.toThrow(/aborted/);
    expect(units.map((unit) => results.read(unit) !== null)).toEqual([true, false]);
    const [kept] = [JSON.stringify(results.read(units[0]))];
    await learn(units, { results, run, ...silent });
    expect(JSON.stringify(results.read(units[0]))).toBe(kept);
    const of = (loss: string) => units.map((unit) => measure([results.read(unit).losses.find((one: { loss: string }) => one.loss === loss)], null)); // biome-ignore format: one line
    const scores = { bce: of("bce"), "bce+lovasz-hinge": of("bce+lovasz-hinge") };
    expect(summaryRows(scores).map((row) => Object.keys(row))).toEqual(Array(2).fill(["loss", ...measuresOf(null)]));
    expect(differenceRows(scores, "bce+lovasz-hinge")).toHaveLength(1);
    expect(await plot([{ title: "discs", chosen: "bce+lovasz-hinge", scores }])).toContain(">discs</text>");
    // the test pictures, and no other: two of 24 x 24
    const [{ confusion, imageIoUs }] = results.read(units[1]).losses;
    expect(confusion.flat().reduce((sum: number, count: number) => sum + count, 0)).toBe(2 * 24 * 24);
    expect(imageIoUs).toHaveLength(2);
  });

  test("trains on classes", async () => {
    const { runUnit } = await import("../../bench/learning/unit.mjs");
    const bands = listed(writeBands(join(root, "bands"), { count: 6 }), "classes");
    const parts = { train: bands.slice(0, 3), val: bands.slice(3, 4), test: bands.slice(4) };
    const args = ["--epochs", "1", "--classes", "3"];
    const { signal } = new AbortController();
    const [found] = await runUnit({ command: [process.execPath, program], classes: 3, args, losses: ["ce"], parts, seed: 0, signal });
    expect(found.confusion).toHaveLength(3);
    expect(found.boundaries).toHaveLength(3);
    const wrong = runUnit({ command: [process.execPath, program], classes: 3, args, losses: ["bce"], parts, seed: 0, signal });
    await expect(wrong).rejects.toThrow(/lovasz train .* ended with 2: lovasz: --loss does not know "bce"/);
  });

  test("refuses what it does not know, with what there is", () => {
    const bench = (...args: string[]) => spawnSync(process.execPath, [here("../../bench/run.mjs"), ...args], { encoding: "utf8" });
    const refused = (message: string, ...args: string[]) => {
      const { status, stderr, stdout } = bench(...args);
      expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: "", stderr: expect.stringContaining(message) });
    };
    refused("--only: there is no data set cats; there are water, rare-water, nuclei, nuclei-classes", "learning", "--only", "cats");
    refused("--seeds is 5,x, expected whole numbers", "learning", "--seeds", "5,x");
    refused("--jobs is 0, expected whole numbers of at least 1", "learning", "--jobs", "0");
    refused("Unknown option '--seeds'", "start", "--seeds", "5");
  });
});
