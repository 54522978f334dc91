import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { NamedLoss } from "../../../src/cli/model/losses.js";
import { TERMS } from "../../../src/cli/model/losses.js";
import { LovaszError } from "../../../src/index.js";
import { call, callOnTerminal } from "../helpers/call.js";
import { png, slashed, snapshot, temporaryFolder, writeBands, writeDiscs } from "../helpers/files.js";

// What happens after so many steps of a call: nothing, unless a test says so.
const fault = vi.hoisted(() => ({ step: Number.POSITIVE_INFINITY, happen: (): void => {} }));
vi.mock("../../../src/cli/model/losses.js", async (original) => {
  const real = await original<typeof import("../../../src/cli/model/losses.js")>();
  let step = 0;
  const faulty = ({ criterion, ...loss }: NamedLoss): NamedLoss => ({
    ...loss,
    criterion: async (...all) => {
      if (step++ === fault.step) fault.happen();
      return criterion(...all);
    },
  });
  return {
    ...real,
    parseLosses: (...args: Parameters<typeof real.parseLosses>) => {
      step = 0;
      return real.parseLosses(...args).map(faulty);
    },
  };
});

const root = temporaryFolder();
const data = writeDiscs(join(root, "data"), { count: 10 });
let count = 0;
let out = "";
beforeEach(() => {
  fault.step = Number.POSITIVE_INFINITY;
  out = join(root, `out-${count++}`);
});
/** Another folder for another run of the same test. */
const another = () => {
  out = join(root, `out-${count++}`);
};
const train = (...args: string[]) => call("train", "--data", data, "--out", out, "--width", "3", "--norm", "none", "--lr", "0.01", ...args);
const LEARNING = ["--width", "8", "--batch", "1", "--lr", "0.005"];
/** The files in `folder` but those that a run needs to go on. */
const resultsIn = (folder: string) => Object.keys(snapshot(folder)).filter((name) => !name.startsWith("checkpoint")).sort(); // biome-ignore format: one line
const metricsOf = (folder: string) => JSON.parse(readFileSync(join(folder, "metrics.json"), "utf8"));

describe("lovasz train", () => {
  test("learns to find discs, and leaves table, verdict, metrics, models and report", async () => {
    const { code, out: said, err } = await train("--epochs", "15", ...LEARNING);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(said).toContain(`${data}, a fifth of it held back for validation: 8 pictures for training, 2 for validation\n`);
    expect(said).toMatch(/│ loss +│ +IoU │ mean image IoU │ +Dice │ best epoch │ seconds │/);
    expect(said).toMatch(/\nbce.* (is ahead of|and) bce.*\n/);
    expect(said).toMatch(/\nreport: .*report\.html\n$/);
    expect(Object.keys(snapshot(out)).sort()).toEqual(["bce+lovasz-sigmoid.safetensors", "bce.safetensors", "metrics.json", "report.html"]);
    const metrics = metricsOf(out);
    expect(metrics).toMatchObject({ interrupted: false, config: { epochs: 15, lr: 0.005, seed: 0, training: 8, validation: 2 } });
    for (const { loss, epochs, iou, dice } of metrics.losses) {
      expect(epochs).toHaveLength(15);
      expect(epochs[14].loss, loss).toBeLessThan(epochs[0].loss);
      expect(iou, loss).toBeGreaterThan(0.8);
      expect(dice).toBeCloseTo((2 * iou) / (1 + iou), 12);
    }
  });

  test("gives the same bytes for the same seed, and others for another", async () => {
    const models = async (seed: string) => {
      another();
      expect((await train("--epochs", "1", "--seed", seed)).code).toBe(0);
      return ["bce", "bce+lovasz-sigmoid"].map((loss) => readFileSync(join(out, `${loss}.safetensors`), "base64"));
    };
    const first = await models("3");
    expect(await models("3")).toEqual(first);
    expect(await models("4")).not.toEqual(first);
  });

  test("eval reads a model back to the numbers of its training", async () => {
    const val = writeDiscs(join(root, "val"), { count: 3, seed: 9, width: 30, height: 21 });
    expect((await train("--val", val, "--epochs", "3", "--loss", "bce,dice")).code).toBe(0);
    for (const { model, iou, meanImageIoU, dice } of metricsOf(out).losses) {
      const { code, out: said, err } = await call("eval", "--model", join(out, model), "--data", val, "--json");
      expect({ code, err }).toEqual({ code: 0, err: "" });
      const { classes, ...scores } = JSON.parse(said);
      expect(scores).toMatchObject({ iou, meanImageIoU, dice });
      expect(classes[1]).toBe(iou);
    }
  });

  test("tells classes apart", async () => {
    const bands = writeBands(join(root, "bands"));
    const { code, err } = await call("train", "--data", bands, "--classes", "3", "--out", out, "--epochs", "15", ...LEARNING); // biome-ignore format: one line
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const { config, losses } = metricsOf(out);
    expect(config.classes).toBe(3);
    expect(losses.map(({ loss }: { loss: string }) => loss)).toEqual(["ce", "ce+lovasz-softmax"]);
    for (const { loss, iou, model } of losses) {
      expect(iou, loss).toBeGreaterThan(0.7);
      const scored = await call("eval", "--model", join(out, model), "--data", bands);
      expect(scored.out).toMatch(new RegExp(`trained with ${loss.replace("+", "\\+")}, on 6 pictures`));
    }
  });

  test.each([
    ["binary", [], TERMS.binary],
    ["multiclass", ["--classes", "3"], TERMS.multiclass],
  ])("trains by every %s loss", async (_, options, terms) => {
    const pictures = options.length ? writeBands(join(root, "every-3"), { count: 2 }) : writeDiscs(join(root, "every-2"), { count: 2 });
    const list = terms.replaceAll(" ", "");
    const { code, err } = await call("train", "--data", pictures, ...options, "--loss", list, "--epochs", "1", "--width", "1", "--out", out); // biome-ignore format: one line
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(metricsOf(out).losses.map(({ loss }: { loss: string }) => loss)).toEqual(list.split(","));
  });

  test("trains on pictures of many sizes and kinds of names, masks of 0 and 1, and one picture where there is --val", async () => {
    const odd = join(root, "odd");
    for (const folder of ["images", "masks"]) mkdirSync(join(odd, folder), { recursive: true });
    for (const [name, width, height] of [
      ["1", 1, 1],
      ["雲 & <b>", 3, 5],
      ["c.d", 30, 17],
      ["long", 70, 9],
    ] as const) {
      // biome-ignore format: one line
      writeFileSync(join(odd, "images", `${name}.PNG`), png(width, height, 3, (pixel) => 50 * (pixel % 3)));
      writeFileSync(
        join(odd, "masks", `${name}.png`),
        png(width, height, 1, (pixel) => (pixel % 3 === 0 ? 1 : 0)),
      );
    }
    const one = writeDiscs(join(root, "one"), { count: 1 });
    const { code, err } = await call("train", "--data", one, "--val", odd, "--epochs", "1", "--width", "2", "--out", out);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain("<h3>雲 &amp; &lt;b&gt;</h3>");
    another();
    expect((await call("train", "--data", odd, "--val", one, "--epochs", "1", "--width", "2", "--out", out)).code).toBe(0);
  });

  test("writes to a folder of its own where none is named", async () => {
    const working = join(root, "working");
    mkdirSync(working);
    vi.spyOn(process, "cwd").mockReturnValue(working);
    const calls = await Promise.all([1, 2].map(() => call("train", "--data", data, "--epochs", "1", "--width", "1", "--loss", "bce")));
    vi.restoreAllMocks();
    expect(calls.map(({ code }) => code)).toEqual([0, 0]);
    expect(Object.keys(snapshot(working)).filter((path) => path.endsWith("metrics.json"))).toHaveLength(2);
  });

  test("shows progress to a terminal, unless it is quiet", async () => {
    const args = ["train", "--data", data, "--epochs", "2", "--width", "1", "--loss", "bce", "--out"];
    expect((await callOnTerminal(...args, out)).err).toMatch(/bce {2}epoch 2\/2 .*100% .* left {2}loss \d\.\d{4} {2}val IoU \d\.\d{3}/);
    expect((await callOnTerminal(...args, `${out}-quiet`, "--quiet")).err).toBe("");
    expect((await call(...args, `${out}-piped`)).err).toBe("");
  });
});

describe("a run that fails", () => {
  let before: Record<string, string>;
  beforeEach(() => {
    mkdirSync(out);
    before = snapshot(root);
  });

  async function fails(code: number, line: RegExp, ...args: string[]): Promise<void> {
    const outcome = await train("--epochs", "2", "--loss", "bce,dice", ...args);
    expect(outcome.err).toMatch(/^[^\n]+\n$/);
    expect(slashed(outcome.err)).toMatch(line);
    expect(outcome.code).toBe(code);
    expect(snapshot(root)).toEqual(before);
  }

  test("before the first step", async () => {
    const bad = writeDiscs(join(root, "bad"), { count: 3 });
    rmSync(join(bad, "masks", "disc-1.png"));
    symlinkSync(data, join(root, "same"));
    before = snapshot(root);
    await fails(1, /bad\/images\/disc-1.png stands alone/, "--data", bad);
    await fails(1, /bad\/images\/disc-1.png stands alone/, "--val", bad);
    await fails(2, /--val is the folder of --data/, "--val", data);
    await fails(2, /--val is the folder of --data/, "--val", join(root, "same"));
    await fails(2, /--loss does not know "hinge"/, "--loss", "hinge");
    await fails(2, /--device .*"?tpu"?.* choices are wasm, threads, gpu, auto/i, "--device", "tpu");
    await fails(1, /does not exist/, "--data", join(root, "none"));
    await fails(2, /disc-0.png is a file/, "--out", join(data, "images", "disc-0.png", "run"));
    await fails(2, /data cannot be written to: it is not empty \(images and 1 more\)/, "--out", data);
    await fails(
      2,
      /^lovasz: the name bce\+bce\+.* is too long for a file in .*; shorten that loss of --loss/,
      "--loss",
      Array(70).fill("bce").join("+"),
    );
  });

  test("with one picture and nothing to validate with", async () => {
    const one = writeDiscs(join(root, "alone"), { count: 1 });
    before = snapshot(root);
    await fails(1, /there is 1 picture, expected at least 2/, "--data", one);
  });

  test.each([0, 1])("at step %i, leaves nothing", async (step) => {
    fault.step = step;
    fault.happen = () => {
      throw new Error("the criterion broke");
    };
    await fails(1, /^lovasz: unexpected failure, the criterion broke; set DEBUG=1 to see where, and report it$/m);
  });

  test("at its end, where its folder was taken away and the one above it is a file", async () => {
    const above = join(root, `above-${count}`);
    fault.step = 3;
    fault.happen = () => {
      rmSync(above, { recursive: true });
      writeFileSync(above, "mine");
      before = snapshot(root);
    };
    await fails(1, /cannot be written to: .*; make room for it, and go on with --resume$/m, "--out", join(above, "run"));
  });
});

describe("a folder that is taken while the run is under way", () => {
  test.each([
    ["by another run", () => writeFileSync(join(out, "metrics.json"), "of another run")],
    [
      "by a file",
      () => {
        rmSync(out, { recursive: true });
        writeFileSync(out, "mine");
      },
    ],
  ])("%s costs neither its contents nor the results", async (_, happen) => {
    mkdirSync(out);
    let taken: unknown;
    const contents = () => (statSync(out).isFile() ? readFileSync(out, "utf8") : readFileSync(join(out, "metrics.json"), "utf8"));
    fault.step = 3;
    fault.happen = () => {
      happen();
      taken = contents();
    };
    const { code, out: said, err } = await train("--epochs", "2", "--loss", "bce,dice");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(said).toContain(`\n${out} was taken while this run was under way; its results are in ${out}-2\nreport: `);
    // a file in its place takes no checkpoints either
    const isLost = /\nthe training of bce goes on, but its checkpoint cannot be written: ENOTDIR/.test(said);
    expect(isLost).toBe(statSync(out).isFile());
    expect(contents()).toEqual(taken);
    expect(Object.keys(snapshot(`${out}-2`)).sort()).toEqual(["bce.safetensors", "dice.safetensors", "metrics.json", "report.html"]);
  });
});

describe("Ctrl-C", () => {
  test.each([0, 4])("at step %i keeps the best model so far", async (step) => {
    fault.step = step;
    fault.happen = () => process.emit("SIGINT", "SIGINT");
    const listeners = process.listenerCount("SIGINT");
    const { code, out: said, err } = await train("--epochs", "50");
    expect({ code, err }).toEqual({ code: 130, err: "lovasz: interrupted; these are the best models so far\n" });
    expect(said).toMatch(/│ bce +│/);
    expect(resultsIn(out)).toEqual(["bce.safetensors", "metrics.json", "report.html"]);
    expect(said).toMatch(/\nto continue: lovasz train --resume \S+\n$/);
    expect(metricsOf(out)).toMatchObject({ interrupted: true, losses: [{ loss: "bce", bestEpoch: expect.any(Number) }] });
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain("The run was interrupted");
    expect((await call("eval", "--model", join(out, "bce.safetensors"), "--data", data)).code).toBe(0);
    expect(process.listenerCount("SIGINT")).toBe(listeners);
  });

  test("tells a terminal what is going on", async () => {
    fault.step = 0;
    fault.happen = () => process.emit("SIGINT", "SIGINT");
    const { err } = await callOnTerminal("train", "--data", data, "--out", out, "--width", "1");
    expect(err).toContain("\nstopping after this step; press Ctrl-C again to quit at once\n");
  });

  test("while the second loss trains leaves the first", async () => {
    // bce takes 2 steps an epoch
    fault.step = 6;
    fault.happen = () => process.emit("SIGTERM", "SIGTERM");
    const { code } = await train("--epochs", "3");
    expect(code).toBe(143);
    expect(metricsOf(out).losses.map(({ epochs }: { epochs: unknown[] }) => epochs.length)).toEqual([3, 1]);
  });
});

describe("a loss that diverges", () => {
  test("costs the others nothing, whether it has something to show or not", async () => {
    fault.happen = () => {
      throw new LovaszError("nan", "logits[0] is NaN");
    };
    // the first step of dice
    fault.step = 4;
    const first = await train("--epochs", "2", "--loss", "bce,dice");
    expect(first).toMatchObject({ code: 1, err: expect.stringMatching(/^lovasz: dice diverged in its first epoch: .*; lower --lr \(now 0.01\)\n$/) }); // biome-ignore format: one line
    expect(metricsOf(out).losses.map(({ loss }: { loss: string }) => loss)).toEqual(["bce"]);
    // the second epoch of dice
    fault.step = 6;
    another();
    const second = await train("--epochs", "2", "--loss", "bce,dice");
    expect(second).toMatchObject({ code: 0, err: "", out: expect.stringMatching(/\nDiverged: dice in epoch 2; .*\n/) });
    expect(metricsOf(out).losses.map(({ diverged }: { diverged: number }) => diverged)).toEqual([null, 2]);
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain("Diverged: dice in epoch 2");
  });
});

describe("lovasz train --resume", () => {
  const boom = () => {
    throw new Error("the criterion broke");
  };
  const resume = (...args: string[]) => call("train", "--resume", out, ...args);
  const models = () => Object.entries(snapshot(out)).filter(([name]) => name.endsWith(".safetensors") && !name.startsWith("checkpoint"));
  const ARGS = ["--epochs", "2", "--loss", "bce,bce+lovasz-hinge", "--seeds", "2", "--ema", "0.5", "--norm", "batch"];

  test("ends with the same files as a run that was not stopped, wherever it was", async () => {
    expect((await train(...ARGS)).code).toBe(0);
    const whole = models();
    const names = ["bce", "bce+lovasz-hinge"].flatMap((loss) => [loss, `${loss}.seed-0`, `${loss}.seed-1`]);
    expect(whole.map(([name]) => name).sort()).toEqual(names.map((name) => `${name}.safetensors`).sort());
    expect(metricsOf(out).losses).toMatchObject([{ seeds: [{ seed: 0 }, { seed: 1 }] }, { seeds: [{ seed: 0 }, { seed: 1 }] }]);
    // each training has 4 steps
    for (const step of [2, 7, 9, 15]) {
      another();
      fault.step = step;
      fault.happen = boom;
      const broken = await train(...ARGS);
      expect(broken).toMatchObject({ code: 1, out: expect.stringMatching(/\nto continue: lovasz train --resume \S+\n$/) });
      expect(resultsIn(out)).toEqual([]);
      fault.step = Number.POSITIVE_INFINITY;
      expect(await resume()).toMatchObject({ code: 0, err: "" });
      expect(models()).toEqual(whole);
      expect(Object.keys(snapshot(out))).not.toContain("checkpoint");
    }
  });

  test("goes on after Ctrl-C, more than once, and replaces what was written then", async () => {
    const args = ["--epochs", "4", "--loss", "bce,dice"];
    expect((await train(...args)).code).toBe(0);
    const whole = models();
    another();
    fault.happen = () => process.emit("SIGINT", "SIGINT");
    fault.step = 0;
    expect((await train(...args)).code).toBe(130);
    expect(resultsIn(out)).toEqual(["bce.safetensors", "metrics.json", "report.html"]);
    fault.step = 5;
    expect((await resume()).code).toBe(130);
    expect(metricsOf(out)).toMatchObject({ interrupted: true, losses: [{ loss: "bce" }] });
    fault.step = Number.POSITIVE_INFINITY;
    expect(await resume()).toMatchObject({ code: 0, err: "" });
    expect(metricsOf(out)).toMatchObject({ interrupted: false, losses: [{ loss: "bce" }, { loss: "dice" }] });
    expect(models()).toEqual(whole);
    mkdirSync(join(out, ".lovasz-half"));
    expect(await resume()).toEqual({ code: 0, out: `${out} has ended, and there is nothing to continue\n`, err: "" });
    expect(resultsIn(out)).not.toContain(".lovasz-half");
  });

  test("takes no other options, and no folder that holds no run", async () => {
    expect(await resume("--lr", "1", "--epochs", "3")).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^lovasz: --resume goes on with the options that the run was begun with; leave out --epochs, --lr\n$/),
    });
    expect(await resume()).toMatchObject({
      code: 2,
      err: expect.stringMatching(/out-\d+ does not exist; pass the folder that --out named/),
    });
    mkdirSync(out);
    expect(await resume()).toMatchObject({ code: 2, err: expect.stringMatching(/ holds no run of lovasz train that can be continued; /) });
  });

  describe("of a run that was stopped", () => {
    beforeEach(async () => {
      fault.step = 3;
      fault.happen = boom;
      await train("--epochs", "3", "--loss", "bce");
      fault.step = Number.POSITIVE_INFINITY;
    });
    const checkpoint = (name: string) => join(out, "checkpoint", name);

    test("refuses pictures that have changed", async () => {
      const mask = join(data, "masks", "disc-0.png");
      const before = readFileSync(mask);
      writeFileSync(
        mask,
        png(24, 24, 1, (pixel) => (pixel % 7 ? 0 : 255)),
      );
      expect(await resume()).toMatchObject({
        code: 1,
        err: expect.stringMatching(/the pictures of .*data are others than when the run was begun; /),
      });
      writeFileSync(mask, before);
      expect((await resume()).code).toBe(0);
    });

    test("refuses to go on by another version", async () => {
      const begun = JSON.parse(readFileSync(checkpoint("run.json"), "utf8"));
      writeFileSync(checkpoint("run.json"), JSON.stringify({ ...begun, version: "0.0.9" }));
      expect(await resume()).toMatchObject({
        code: 2,
        err: expect.stringMatching(/was begun by lovasz 0.0.9, and this is .* npx lovasz@0.0.9 train --resume/),
      });
    });

    test.each([
      ["run.json", 1, /run.json is damaged; begin a new run/],
      ["bce.seed-0.safetensors", 1, /bce.seed-0.safetensors is damaged; remove it to train by this loss and seed from the start/],
    ])("says so where %s is damaged", async (name, code, message) => {
      writeFileSync(checkpoint(name), readFileSync(checkpoint(name)).subarray(0, 40));
      expect(await resume()).toMatchObject({ code, err: expect.stringMatching(message) });
    });

    test("leaves a run alone that another process trains", async () => {
      writeFileSync(checkpoint("lock"), JSON.stringify({ process: process.ppid, machine: hostname() }));
      const before = snapshot(out);
      expect(await resume()).toMatchObject({
        code: 2,
        err: expect.stringMatching(/is being trained by process \d+; wait for it or end it/),
      });
      expect(snapshot(out)).toEqual(before);
    });

    test("goes on where the folder was moved, and half-written files lie about", async () => {
      const moved = `${out}-moved`;
      renameSync(out, moved);
      writeFileSync(join(moved, "checkpoint", ".lovasz-half"), "");
      expect(await call("train", "--resume", moved)).toMatchObject({ code: 0, err: "" });
      expect(Object.keys(snapshot(moved)).sort()).toEqual(["bce.safetensors", "metrics.json", "report.html"]);
    });
  });
});

describe("lovasz train --from", () => {
  const from = (name: string) => ["--from", join(out, name)];
  const other = async (...args: string[]) => {
    const model = from("bce.safetensors");
    another();
    return call("train", "--data", data, "--out", out, "--loss", "bce", "--epochs", "1", ...model, ...args);
  };

  test("starts from the weights of a model, and has its network", async () => {
    expect((await train("--epochs", "15", ...LEARNING, "--loss", "bce")).code).toBe(0);
    const { iou } = metricsOf(out).losses[0];
    const { code, out: said } = await other("--lr", "0.0001");
    expect(code).toBe(0);
    expect(said).toMatch(/\nweights from \S+bce.safetensors\n/);
    expect(metricsOf(out)).toMatchObject({ config: { width: 8, norm: "none" } });
    // a single epoch with random weights reaches next to nothing
    expect(metricsOf(out).losses[0].iou).toBeGreaterThan(iou - 0.05);
    const contradiction = await other("--width", "4");
    expect(contradiction).toMatchObject({
      code: 2,
      err: expect.stringMatching(/--width 4 contradicts the model of --from, which has width 8; leave out --width/),
    });
  });

  test("makes a new last layer for other classes, and says so", async () => {
    expect((await train("--epochs", "1", "--loss", "bce")).code).toBe(0);
    const bands = writeBands(join(root, "bands-from"));
    const model = from("bce.safetensors");
    another();
    const { code, out: said } = await call("train", "--data", bands, "--classes", "3", "--out", out, "--epochs", "1", ...model);
    expect(code).toBe(0);
    expect(said).toMatch(/its last layer is new, as it told foreground and background apart and these data have 3 classes/);
  });

  test("refuses what is no model, and leaves nothing", async () => {
    writeFileSync(join(root, "none.safetensors"), "no");
    const call = await train("--from", join(root, "none.safetensors"));
    expect(call).toMatchObject({ code: 1, err: expect.stringMatching(/none.safetensors .*/) });
    expect(existsSync(out)).toBe(false);
  });
});
