import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { WrongCall } from "../../../src/cli/exits.js";
import type { TrainOptions } from "../../../src/cli/run/options.js";
import { readData } from "../../../src/cli/run/readData.js";
import { png, temporaryFolder, writeDiscs } from "../helpers/files.js";

const root = temporaryFolder();
const data = writeDiscs(join(root, "data"), { count: 5 });
const val = writeDiscs(join(root, "val"), { count: 2, seed: 9 });
const base: TrainOptions = { seed: 0, device: "wasm", batch: 4, width: 2, lr: 0.01 };
let count = 0;

/** A folder of 5 pictures whose masks hold this value all over. */
function uniform(value: number, folder = "masks"): string {
  const made = writeDiscs(join(root, `uniform-${count++}`), { count: 5 });
  mkdirSync(join(made, folder), { recursive: true });
  for (let i = 0; i < 5; i++) writeFileSync(join(made, folder, `disc-${i}.png`), png(24, 24, 1, () => value)); // biome-ignore format: one line
  return made;
}

describe("readData", () => {
  test("holds a fifth back, or validates on another folder", async () => {
    const one = await readData({ ...base, data, ignore: [7] });
    expect([one.training.length, one.validation.length, one.ignore, one.threshold]).toEqual([4, 1, 7, null]);
    expect(one.doubts).toEqual(["no mask has the value 7 that is to be ignored"]);
    const two = await readData({ ...base, data, val });
    expect([two.training.length, two.validation.length]).toEqual([5, 2]);
    expect(two.source).toBe(`${data}, validated on ${val}`);
  });

  test("holds a share back", async () => {
    const half = await readData({ ...base, data, val: 0.4 });
    expect([half.training.length, half.validation.length, half.source]).toEqual([3, 2, `${data}, 40 % of it held back for validation`]);
    const [fifth, same] = [await readData({ ...base, data, seed: 3 }), await readData({ ...base, data, seed: 3, val: 0.2 })];
    const names = ({ validation }: typeof fifth) => validation.map(({ name }) => name);
    expect([names(same), same.source]).toEqual([names(fifth), `${data}, a fifth of it held back for validation`]);
    await expect(readData({ ...base, data: uniform(0), val: 0.125 })).rejects.toThrow(/, from which 12.5 % is held back \(--seed draws/);
  });

  test("says which values are ignored, and what classes are called", async () => {
    const ignored = async (...ignore: number[]) => (await readData({ ...base, data, ignore })).ignore;
    expect([await ignored(), await ignored(7), await ignored(7, 8)]).toEqual([null, 7, [7, 8]]);
    const colours = join(root, "colours.txt");
    writeFileSync(colours, "#000000 sky\n#ffffff sun\n#ff0000 void\n");
    const named = await readData({ ...base, data, colours });
    expect(named).toMatchObject({ ignore: null, threshold: null, classNames: ["sky", "sun"] });
    expect((await readData({ ...base, data })).classNames).toBeNull();
    await expect(readData({ ...base, data: uniform(255), colours })).rejects.toThrow(/masks marks only class 1 \(sun\) in the pictures/);
    await expect(readData({ ...base, data: uniform(9), ignore: [9, 8] })).rejects.toThrow(
      "no foreground besides the values 9 and 8 of --ignore",
    );
  });

  test("refuses the folder of --data for --val, also through a link", async () => {
    symlinkSync(data, join(root, "link"));
    await expect(readData({ ...base, data, val: join(root, "link") })).rejects.toThrow(WrongCall);
  });

  test("validates on pictures without foreground, and says so", async () => {
    const empty = uniform(0);
    const { validation, doubts } = await readData({ ...base, data, val: empty });
    expect(validation).toHaveLength(5);
    expect(doubts).toEqual([`${join(empty, "masks")} marks no foreground in any mask`]);
  });

  test.each<[string, () => Partial<TrainOptions>, RegExp]>([
    [
      "masks without foreground",
      () => ({ data: uniform(0) }),
      /masks marks no foreground in the pictures for training, from which a fifth is held back \(--seed draws another, --val replaces it\); training needs foreg/,
    ],
    ["masks that are all foreground", () => ({ data: uniform(9) }), /masks marks nothing but foreground in the pictures for training/],
    ["masks whose foreground is ignored", () => ({ data, ignore: [255] }), /no foreground besides the value 255 of --ignore/],
    ["masks that are ignored all over", () => ({ data: uniform(9), ignore: [9] }), /marks no foreground besides the value 9 of --ignore/],
    [
      "one class",
      () => ({ data: uniform(1, "classes"), classes: 3 }),
      /classes marks only class 1 in .*; training needs at least two classes/,
    ],
    ["no class", () => ({ data: uniform(1, "classes"), classes: 3, ignore: [1] }), /marks only class none besides/],
  ])("refuses to train on %s", async (_, options, message) => {
    await expect(readData({ ...base, ...options() })).rejects.toThrow(message);
  });
});
