import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readFolder } from "../../../src/cli/data/folder.js";
import { VOID } from "../../../src/cli/data/pictures.js";
import { binaryTask } from "../../../src/cli/model/task.js";
import { LovaszError } from "../../../src/index.js";
import { png, temporaryFolder, writeDiscs } from "../helpers/files.js";

const root = temporaryFolder();
let count = 0;
const fresh = () => writeDiscs(join(root, String(count++)), { count: 3 });
const blank = (width: number, height: number, value: number) => png(width, height, 1, () => value);

async function messageOf(data: string, ignore: number | null = null): Promise<string> {
  const error: unknown = await readFolder(data, binaryTask, ignore).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(LovaszError);
  const { code, message } = error as LovaszError;
  expect(code).toBe("data");
  expect(message).not.toContain("\n");
  return message.replaceAll(data, "DIR");
}

describe("readFolder", () => {
  test("pairs files by stem, in the order of their names, whatever their extension", async () => {
    const data = fresh();
    writeFileSync(join(data, "images", "a.b.PNG"), blank(8, 4, 9));
    writeFileSync(join(data, "masks", "a.b.png"), blank(8, 4, 0));
    writeFileSync(join(data, "images", ".DS_Store"), "x");
    writeFileSync(join(data, "images", "notes.txt"), "x");
    const samples = await readFolder(data, binaryTask, null);
    expect(samples.map(({ name }) => name)).toEqual(["a.b", "disc-0", "disc-1", "disc-2"]);
    expect(samples[0]).toMatchObject({ width: 8, height: 4, white: 255 });
    expect(new Set(samples[1].labels)).toEqual(new Set([0, 1]));
  });

  test("takes one name for one, however its accents are spelt", async () => {
    const data = fresh();
    writeFileSync(join(data, "images", "fa\u00e7ade \u96f2.png"), blank(8, 4, 9));
    writeFileSync(join(data, "masks", "fac\u0327ade \u96f2.png"), blank(8, 4, 1));
    expect((await readFolder(data, binaryTask, null)).map(({ name }) => name)).toContain("fa\u00e7ade \u96f2");
  });

  test("reads pictures of any size, through links", async () => {
    const data = fresh();
    for (const [width, height] of [
      [1, 1],
      [3, 5],
    ]) {
      // biome-ignore format: one line
      writeFileSync(join(data, "images", `${width}.png`), blank(width, height, 9));
      writeFileSync(join(data, `mask-${width}.png`), blank(width, height, 1));
      symlinkSync(join(data, `mask-${width}.png`), join(data, "masks", `${width}.png`));
    }
    const [one, three] = await readFolder(data, binaryTask, null);
    expect([one, three]).toMatchObject([{ width: 1, height: 1, mean: 9 }, { width: 3, height: 5 }]); // biome-ignore format: one line
  });

  test("brings each picture to mean 0 and variance 1", async () => {
    for (const { rgb, mean, scale } of await readFolder(fresh(), binaryTask, null)) {
      const values = Array.from(rgb, (value) => (value - mean) * scale);
      expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(0, 9);
      expect(values.reduce((sum, value) => sum + value * value, 0) / values.length).toBeCloseTo(1, 9);
    }
  });

  test("marks the value of ignore as void", async () => {
    const data = fresh();
    writeFileSync(
      join(data, "masks", "disc-0.png"),
      png(24, 24, 1, (pixel) => [0, 255, 77][pixel % 3]),
    );
    const [first] = await readFolder(data, binaryTask, 77);
    expect([...first.labels.subarray(0, 4)]).toEqual([0, 1, VOID, 0]);
  });

  const cases: [string, (data: string) => void, RegExp][] = [
    [
      "no such folder",
      (data) => rmSync(data, { recursive: true }),
      /^DIR\/images does not exist; DIR needs images\/ and masks\/ with files/,
    ],
    [
      "no masks",
      (data) => rmSync(join(data, "masks"), { recursive: true }),
      /^DIR\/masks does not exist; it holds a mask for each picture$/,
    ],
    [
      "a picture without mask",
      (data) => rmSync(join(data, "masks", "disc-1.png")),
      /^DIR\/images\/disc-1.png stands alone: .* DIR\/masks; add or remove files$/,
    ],
    [
      "two masks without picture",
      (data) => {
        for (const stem of ["disc-0", "disc-2"]) rmSync(join(data, "images", `${stem}.png`));
      },
      /^DIR\/masks\/disc-0.png \(and 1 more\) stands alone/,
    ],
    [
      "sizes that differ",
      (data) => writeFileSync(join(data, "masks", "disc-1.png"), blank(9, 7, 0)),
      /^DIR\/masks\/disc-1.png is 9 x 7 pixels, but DIR\/images\/disc-1.png is 24 x 24; save both in one size$/,
    ],
    [
      "a truncated file",
      (data) => writeFileSync(join(data, "images", "disc-1.png"), blank(24, 24, 5).subarray(0, 50)),
      /^DIR\/images\/disc-1.png is truncated: its end is missing; replace or remove it$/,
    ],
    [
      "an empty file",
      (data) => writeFileSync(join(data, "images", "disc-1.png"), ""),
      /^DIR\/images\/disc-1.png is empty; replace or remove it$/,
    ],
    [
      "text",
      (data) => writeFileSync(join(data, "images", "disc-1.png"), "hello, world"),
      /^DIR\/images\/disc-1.png is neither PNG nor JPEG; /,
    ],
    [
      "a folder named as a picture",
      (data) => {
        rmSync(join(data, "images", "disc-1.png"));
        mkdirSync(join(data, "images", "disc-1.png"));
      },
      /^DIR\/images\/disc-1.png is a folder; replace or remove it$/,
    ],
    [
      "an empty folder",
      (data) => {
        rmSync(join(data, "images"), { recursive: true });
        mkdirSync(join(data, "images"));
      },
      /^DIR\/images holds no PNG or JPEG file; /,
    ],
    [
      "a file for a folder",
      (data) => {
        rmSync(join(data, "images"), { recursive: true });
        writeFileSync(join(data, "images"), "");
      },
      /^DIR\/images is not a folder; /,
    ],
    [
      "another kind of picture",
      (data) => writeFileSync(join(data, "images", "x.tif"), ""),
      /^DIR\/images\/x.tif is neither PNG nor JPEG; convert or remove it$/,
    ],
    [
      "two files of one stem",
      (data) => writeFileSync(join(data, "images", "disc-1.jpg"), ""),
      /^DIR\/images\/disc-1.jpg and disc-1.png have the same stem; remove one/,
    ],
    [
      "no foreground",
      (data) => {
        for (let i = 0; i < 3; i++) writeFileSync(join(data, "masks", `disc-${i}.png`), blank(24, 24, 0));
      },
      /^DIR\/masks marks no foreground in any mask; /,
    ],
  ];
  test.each(cases)("refuses %s", async (_, spoil, message) => {
    const data = fresh();
    spoil(data);
    expect(await messageOf(data)).toMatch(message);
  });

  test("refuses a mask that is void all over", async () => {
    const data = fresh();
    writeFileSync(join(data, "masks", "disc-1.png"), blank(24, 24, 255));
    expect(await messageOf(data, 255)).toMatch(
      /^DIR\/masks\/disc-1.png is void all over \(every value is 255\), .*; remove it and its picture$/,
    );
  });

  test("refuses class numbers out of range", async () => {
    const data = fresh();
    mkdirSync(join(data, "classes"));
    for (let i = 0; i < 3; i++) writeFileSync(join(data, "classes", `disc-${i}.png`), blank(24, 24, i));
    const task = { ...binaryTask, classes: 2 };
    await expect(readFolder(data, task, null)).rejects.toThrow(/disc-2.png has class 2, expected 0 to 1; raise --classes/);
  });
});
