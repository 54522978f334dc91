import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { nn } from "../../../src/index.js";
import { loadNetwork } from "../../../src/model/loadNetwork.js";
import type { ModelLike } from "../../../src/model/model.js";
import { saveNetwork } from "../../../src/model/saveNetwork.js";
import { call } from "../helpers/call.js";
import { png, slashed, temporaryFolder, writeBands, writeDiscs } from "../helpers/files.js";

const root = temporaryFolder();
const data = writeDiscs(join(root, "data"), { count: 3 });
const model = join(root, "model.safetensors");
const evaluate = (...args: string[]) => call("eval", "--model", model, "--data", data, ...args);

function save(outChannels: number, loss: string, more: Omit<ModelLike, "network"> = {}): void {
  const network = new nn.UNet({ inChannels: 3, outChannels, width: 2, seed: 1 });
  writeFileSync(model, saveNetwork({ network, loss, ignore: null, threshold: null, ...more }));
  network.dispose();
}

describe("lovasz eval", () => {
  beforeAll(() => save(1, "dice"));

  test("says for people what it scored, and how well", async () => {
    const { code, out, err } = await evaluate();
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toBe(`${model}, trained with dice, on 3 pictures of ${data}:\n${out.split("\n")[1]}\n`);
    expect(out.split("\n")[1]).toMatch(/^IoU \d+\.\d %, mean image IoU \d+\.\d %, Dice \d+\.\d %, boundary IoU \d+\.\d %$/);
  });

  test("prints with --json the numbers and nothing else", async () => {
    const { code, out, err } = await evaluate("--json");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const { iou, meanImageIoU, boundaryIoU, classes, confusion, boundaries, imageIoUs } = JSON.parse(out);
    expect(out).toMatch(
      /^\{"iou":[\d.]+,"meanImageIoU":[\d.]+,"dice":[\d.]+,"boundaryIoU":[\d.]+,"classes":\[[\d.]+,[\d.]+\],"conf[^\n]+\}\n$/,
    );
    expect(classes[1]).toBe(iou);
    const [[right, alarms], [missed, found]] = confusion;
    expect(right + alarms + missed + found).toBe(3 * 24 * 24);
    expect(found / (found + missed + alarms)).toBe(iou);
    expect(boundaries[1].intersection / boundaries[1].union).toBe(boundaryIoU);
    expect(boundaries[1].union).toBeLessThan(found + missed + alarms);
    expect(imageIoUs).toHaveLength(3);
    expect((imageIoUs[0] + imageIoUs[1] + imageIoUs[2]) / 3).toBe(meanImageIoU);
  });

  test("tells the IoU by cut-off, of which that at 0.5 is the IoU, and the best", async () => {
    const { code, out, err } = await evaluate("--json", "--cutoff-curve");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const { iou, cutoffs, bestCutoff, ...rest } = JSON.parse(out);
    expect(Object.keys(rest)).toEqual(["meanImageIoU", "dice", "boundaryIoU", "classes", "confusion", "boundaries", "imageIoUs"]);
    expect(cutoffs.map(({ cutoff }: { cutoff: number }) => cutoff)).toEqual(Array.from({ length: 19 }, (_, i) => Number((0.05 * (i + 1)).toFixed(2)))); // biome-ignore format: one line
    expect(cutoffs[9]).toEqual({ cutoff: 0.5, iou });
    const best = Math.max(...cutoffs.map((one: { iou: number }) => one.iou));
    expect(cutoffs).toContainEqual({ cutoff: bestCutoff, iou: best });
    const told = (await evaluate("--cutoff-curve")).out;
    expect(told.startsWith((await evaluate()).out)).toBe(true);
    expect(told).toMatch(/│ +0\.95 │ +\d+\.\d % │/);
    expect(told).toContain(
      `best cut-off: ${bestCutoff}, IoU ${(100 * best).toFixed(1)} %; lovasz predict --cutoff ${bestCutoff} uses it\n`,
    );
    expect(told).toMatch(/\nIt was chosen on these pictures, so report the IoU that it reaches on others\.\n$/);
  });

  test("counts pictures by cut-off that are predicted in several rows of tiles", async () => {
    const tall = writeDiscs(join(root, "tall"), { count: 1, width: 16, height: 1200 });
    const { iou, cutoffs } = JSON.parse((await call("eval", "--model", model, "--data", tall, "--json", "--cutoff-curve")).out);
    expect(iou).toBeGreaterThan(0);
    expect(cutoffs[9]).toEqual({ cutoff: 0.5, iou });
  });

  test("tells IoU and Dice of each class, and which is absent", async () => {
    const bands = writeBands(join(root, "bands"), { count: 2 });
    save(4, "ce");
    const score = (...args: string[]) => call("eval", "--model", model, "--data", bands, ...args);
    const { iou, dice, classes } = JSON.parse((await score("--json")).out);
    expect(classes).toHaveLength(4);
    const present = classes.filter((one: number | null) => one !== null);
    expect(present.reduce((sum: number, one: number) => sum + one, 0) / present.length).toBe(iou);
    const { code, out } = await score();
    expect(code).toBe(0);
    expect(out.split("\n")[1]).toMatch(/^IoU \d+\.\d %, mean image IoU \d+\.\d %, Dice \d+\.\d %, boundary IoU \d+\.\d %$/);
    const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
    for (const [one, value] of classes.entries()) {
      const cells = value === null ? ["absent", "absent"] : [percent(value), percent((2 * value) / (1 + value))];
      expect(out).toMatch(new RegExp(`│ +${one} │ +${cells[0]} │ +${cells[1]} │`));
    }
    expect(out.includes("absent: neither the masks nor the predictions have the class")).toBe(classes.includes(null));
    expect(dice).toBeGreaterThan(iou);
    expect(await score("--cutoff-curve")).toEqual({
      code: 2,
      out: "",
      err: "lovasz: --cutoff-curve is for foreground and background, but the model tells 4 classes apart; leave it out\n",
    });
    save(1, "dice");
  });

  test("reads pictures as the model does", async () => {
    const score = async (normalisation?: ModelLike["normalisation"]) => {
      save(1, "dice", { normalisation });
      return (await evaluate("--json")).out;
    };
    const picture = await score();
    // far from what the weights were made for
    expect(await score({ mean: [0, 0, 0], std: [-1, 1, -1] })).not.toBe(picture);
    save(1, "dice");
  });

  test("scores a model of which no loss is known", async () => {
    const network = new nn.UNet({ width: 2, seed: 1 });
    writeFileSync(model, saveNetwork({ network }));
    network.dispose();
    expect((await evaluate()).out).toContain(`${model}, on 3 pictures of ${data}:\n`);
    save(1, "dice");
  });

  test("says where an option is new to the model", async () => {
    const { code, out } = await evaluate("--threshold", "128", "--ignore", "7");
    expect(code).toBe(0);
    expect(out).toContain("the model was trained without --ignore\nthe model was trained without --threshold\n");
  });

  test("leaves out what --ignore names", async () => {
    const other = writeDiscs(join(root, "other"), { count: 3 });
    // all that is not foreground is ignored: every foreground pixel that is found counts, false alarms do not
    const every = JSON.parse((await call("eval", "--model", model, "--data", other, "--json", "--ignore", "0")).out);
    const some = JSON.parse((await call("eval", "--model", model, "--data", other, "--json")).out);
    expect(every.iou).toBeGreaterThan(some.iou);
  });

  test("reads masks as the training of the model did, and refuses an option that contradicts it", async () => {
    const trimap = writeDiscs(join(root, "trimap"), { count: 2 });
    const write = (value: (pixel: number) => number) => { for (let i = 0; i < 2; i++) writeFileSync(join(trimap, "masks", `disc-${i}.png`), png(24, 24, 1, value)); }; // biome-ignore format: one line
    write((pixel) => [0, 1, 255][pixel % 3]);
    const score = (...args: string[]) => call("eval", "--model", model, "--data", trimap, ...args);
    expect((await score()).err).toMatch(/holds the values 0, 1 and 255/);
    save(1, "dice", { ignore: 255 });
    const [taken, same] = [await score(), await score("--ignore", "255")];
    expect(taken).toMatchObject({ code: 0, err: "" });
    expect(taken.out).toBe(`pixels of value 255 are ignored, as in the training of the model\n${same.out}`);
    expect(await score("--json")).toMatchObject({ code: 0, err: "pixels of value 255 are ignored, as in the training of the model\n" });
    expect(await score("--ignore", "1")).toEqual({
      code: 2,
      out: "",
      err: "lovasz: --ignore 1 contradicts the model, which was trained with --ignore 255; leave --ignore out\n",
    });
    save(1, "dice", { threshold: 100 });
    write((pixel) => [0, 99, 100, 255][pixel % 4]);
    expect(await score()).toMatchObject({ code: 0, err: "warning: the masks are cut at 100, as those that the model was trained on\n" });
    expect((await score("--threshold", "99")).err).toMatch(/--threshold 99 contradicts the model/);
    expect((await score("--threshold", "100")).err).toBe("");
    // masks of 0 and one other need no threshold
    write((pixel) => 200 * (pixel % 2));
    expect(await score()).toMatchObject({ code: 0, err: "" });
    write((pixel) => 99 * (pixel % 2));
    expect((await score()).err).toBe(
      "warning: the masks hold 0 and 99, of which 99 is taken for foreground, though the model was trained with --threshold 100\n",
    );
    save(1, "dice");
  });

  test("scores by colours, behind a suffix, what was trained so, and leaves out all values of the training", async () => {
    const painted = writeDiscs(join(root, "painted"), { count: 3 });
    const maps = writeDiscs(join(root, "maps"), { count: 3 });
    mkdirSync(join(maps, "classes"));
    // classes 0 and 1, and two kinds of ignored pixels
    const [kinds, shades] = [[0, 1, 254, 255], [[0, 0, 0], [9, 9, 9], [1, 2, 3], [4, 5, 6]]]; // biome-ignore format: one line
    for (let i = 0; i < 3; i++) {
      rmSync(join(painted, "masks", `disc-${i}.png`));
      writeFileSync(join(painted, "masks", `disc-${i}_m.png`), png(24, 24, 3, (pixel, channel) => shades[(pixel + i) % 4][channel])); // biome-ignore format: one line
      writeFileSync(
        join(maps, "classes", `disc-${i}.png`),
        png(24, 24, 1, (pixel) => kinds[(pixel + i) % 4]),
      );
    }
    const colours = join(root, "colours.json");
    writeFileSync(colours, JSON.stringify({ "#090909": 1, "#000000": 0, "#010203": null, "#040506": "void" }));
    const train = (name: string, ...args: string[]) =>
      call("train", "--epochs", "1", "--width", "1", "--loss", "ce", "--val", "0.3", "--out", join(root, name), ...args);
    const options = ["--data", painted, "--colours", colours, "--mask-suffix", "_m"];
    expect(await train("by-colours", ...options)).toMatchObject({ code: 0, err: "" });
    expect(await train("by-numbers", "--data", maps, "--classes", "2", "--ignore", "254,255")).toMatchObject({ code: 0, err: "" });
    const fileOf = (name: string) => join(root, name, "ce.safetensors");
    const [first, second] = ["by-colours", "by-numbers"].map((name) => loadNetwork(readFileSync(fileOf(name))));
    expect(first).toMatchObject({ classes: 2, ignore: null });
    expect(second).toMatchObject({ classes: 2, ignore: [254, 255] });
    expect(first.network.stateDict()).toEqual(second.network.stateDict());
    for (const { network } of [first, second]) network.dispose();
    const byColours = await call("eval", "--model", fileOf("by-colours"), "--json", ...options);
    expect(byColours).toMatchObject({ code: 0, err: "" });
    const byNumbers = await call("eval", "--model", fileOf("by-numbers"), "--json", "--data", maps);
    expect(byNumbers).toEqual({
      code: 0,
      out: byColours.out,
      err: "pixels of values 254 and 255 are ignored, as in the training of the model\n",
    });
    expect(await call("eval", "--model", fileOf("by-numbers"), "--json", ...options)).toEqual(byColours);
  });

  test("scores pictures without foreground, and says that there is none", async () => {
    const empty = writeDiscs(join(root, "no-foreground"), { count: 2 });
    for (let i = 0; i < 2; i++) writeFileSync(join(empty, "masks", `disc-${i}.png`), png(24, 24, 1, () => 0)); // biome-ignore format: one line
    const { code, out, err } = await call("eval", "--model", model, "--data", empty, "--json");
    expect(code).toBe(0);
    expect(err).toBe(`warning: ${join(empty, "masks")} marks no foreground in any mask\n`);
    const { iou, meanImageIoU } = JSON.parse(out);
    expect([0, 1]).toContain(iou);
    expect([0, 0.5, 1]).toContain(meanImageIoU);
  });

  test("lets no model file speak to the terminal, whatever it says of itself", async () => {
    save(1, "dice\u001b[2J\nIoU 100.0 %");
    const { code, out } = await evaluate();
    expect(code).toBe(0);
    expect(out.split("\n")).toHaveLength(3);
    expect(out.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    save(1, "dice");
  });

  test("fails in one line", async () => {
    const fails = async (line: RegExp, ...args: string[]) => {
      const { code, out, err } = await call("eval", ...args);
      expect(err).toMatch(/^[^\n]+\n$/);
      expect(slashed(err)).toMatch(line);
      expect({ code, out }).toEqual({ code: 1, out: "" });
    };
    const empty = join(root, "empty");
    mkdirSync(empty);
    await fails(/none does not exist; pass a file that lovasz train wrote/, "--model", join(root, "none"), "--data", data);
    await fails(/is a folder; pass a file/, "--model", root, "--data", data);
    await fails(/images does not exist/, "--model", model, "--data", empty);
    await fails(/no safetensors file/, "--model", join(data, "images", "disc-0.png"), "--data", data);
    save(3, "ce");
    await fails(/classes does not exist; it holds a map of class numbers/, "--model", model, "--data", data);
    const spoilt = writeDiscs(join(root, "spoilt"), { count: 2 });
    save(1, "dice");
    rmSync(join(spoilt, "masks", "disc-0.png"));
    writeFileSync(join(spoilt, "masks", "disc-0.png"), png(24, 24, 1, () => 255).subarray(0, 60)); // biome-ignore format: one line
    await fails(/masks\/disc-0.png is truncated/, "--model", model, "--data", spoilt, "--json");
  });
});
