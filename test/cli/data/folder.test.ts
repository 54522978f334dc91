import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseColours } from "../../../src/cli/data/colours.js";
import { type DataFolder, readFolder, totals } from "../../../src/cli/data/folder.js";
import type { LabelOptions } from "../../../src/cli/data/labelling.js";
import { Memory } from "../../../src/cli/data/picture.js";
import { LovaszError } from "../../../src/index.js";
import { IGNORED } from "../../../src/model/ignored.js";
import { exifPng, png, slashed, temporaryFolder, writeDiscs } from "../helpers/files.js";

const root = temporaryFolder();
let count = 0;
const fresh = () => writeDiscs(join(root, String(count++)), { count: 3 });
const blank = (width: number, height: number, value: number) => png(width, height, 1, () => value);

const masks: LabelOptions = { classes: null, ignore: [], threshold: null };
const samplesOf = ({ pictures }: DataFolder) => Promise.all(pictures.map((picture) => picture.read()));
const readSamples = async (data: string, options = masks) => samplesOf(await readFolder(data, options));

async function messageOf(data: string, options = masks): Promise<string> {
  const error: unknown = await readFolder(data, options).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(LovaszError);
  const { code, message } = error as LovaszError;
  expect(code).toBe("data");
  expect(message).not.toContain("\n");
  return slashed(message.replaceAll(data, "DIR"));
}

describe("readFolder", () => {
  test("pairs files by stem, in the order of their names, whatever their extension", async () => {
    const data = fresh();
    writeFileSync(join(data, "images", "a.b.PNG"), blank(8, 4, 9));
    writeFileSync(join(data, "masks", "a.b.png"), blank(8, 4, 0));
    writeFileSync(join(data, "images", ".DS_Store"), "x");
    writeFileSync(join(data, "images", "notes.txt"), "x");
    const samples = await readSamples(data);
    expect(samples.map(({ name }) => name)).toEqual(["a.b", "disc-0", "disc-1", "disc-2"]);
    expect(samples[0]).toMatchObject({ width: 8, height: 4, white: 255 });
    expect(new Set(samples[1].labels)).toEqual(new Set([0, 1]));
  });

  test("takes one name for one, however its accents are spelt", async () => {
    const data = fresh();
    writeFileSync(join(data, "images", "fa\u00e7ade \u96f2.png"), blank(8, 4, 9));
    writeFileSync(join(data, "masks", "fac\u0327ade \u96f2.png"), blank(8, 4, 255));
    expect((await readSamples(data)).map(({ name }) => name)).toContain("fa\u00e7ade \u96f2");
  });

  test("reads pictures of any size, through links", async () => {
    const data = fresh();
    for (const [width, height] of [
      [1, 1],
      [3, 5],
    ]) {
      // biome-ignore format: one line
      writeFileSync(join(data, "images", `${width}.png`), blank(width, height, 9));
      writeFileSync(join(data, `mask-${width}.png`), blank(width, height, 255));
      symlinkSync(join(data, `mask-${width}.png`), join(data, "masks", `${width}.png`));
    }
    const [one, three] = await readSamples(data);
    expect([one, three]).toMatchObject([{ width: 1, height: 1, mean: [9, 9, 9] }, { width: 3, height: 5 }]); // biome-ignore format: one line
  });

  test("brings each picture to mean 0 and variance 1", async () => {
    for (const { rgb, mean, scale } of await readSamples(fresh())) {
      const values = Array.from(rgb, (value, i) => (value - mean[i % 3]) * scale[i % 3]);
      expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(0, 9);
      expect(values.reduce((sum, value) => sum + value * value, 0) / values.length).toBeCloseTo(1, 9);
    }
  });

  test("marks the value of ignore, and counts the pixels of each label", async () => {
    const data = fresh();
    writeFileSync(
      join(data, "masks", "disc-0.png"),
      png(24, 24, 1, (pixel) => [0, 255, 77][pixel % 3]),
    );
    const folder = await readFolder(data, { ...masks, ignore: [77] });
    const [first] = await samplesOf(folder);
    expect([...first.labels.subarray(0, 4)]).toEqual([0, 1, IGNORED, 0]);
    expect(folder.pictures[0]).toMatchObject({ counts: [192, 192], ignored: 192 });
    for (const [i, { labels }] of (await samplesOf(folder)).entries()) {
      const { counts, ignored } = folder.pictures[i];
      expect([0, 1, IGNORED].map((label) => labels.filter((one) => one === label).length)).toEqual([...counts, ignored]);
    }
    expect(totals(folder.pictures).reduce((sum, count) => sum + count, 192)).toBe(3 * 24 * 24);
    expect(folder.values).toBe("0, 77 and 255 (grey values)");
  });

  test("reads files again that do not fit into memory, with the same pixels", async () => {
    const data = fresh();
    const held = await readFolder(data, masks);
    const again = await readFolder(data, masks, new Memory(0));
    expect(await samplesOf(again)).toEqual(await samplesOf(held));
    expect(await again.pictures[0].read()).not.toBe(await again.pictures[0].read());
    expect(await held.pictures[0].read()).toBe(await held.pictures[0].read());
    writeFileSync(join(data, "images", "disc-0.png"), blank(9, 9, 1));
    writeFileSync(join(data, "masks", "disc-0.png"), blank(9, 9, 1));
    await expect(again.pictures[0].read()).rejects.toThrow(/was changed while it was used; start again/);
    await expect(held.pictures[0].read()).resolves.toMatchObject({ width: 24 });
  });

  test("one mask of a folder that carries its mask in alpha may be opaque all over, and one transparent", async () => {
    const data = fresh();
    const alpha = (value: (pixel: number) => number) => png(24, 24, 2, (pixel, channel) => (channel === 0 ? 0 : value(pixel)));
    writeFileSync(
      join(data, "masks", "disc-0.png"),
      alpha((pixel) => (pixel < 5 ? 255 : 0)),
    );
    writeFileSync(
      join(data, "masks", "disc-1.png"),
      alpha(() => 255),
    );
    writeFileSync(
      join(data, "masks", "disc-2.png"),
      alpha(() => 0),
    );
    const folder = await readFolder(data, masks);
    expect(folder.pictures.map(({ counts }) => counts[1])).toEqual([5, 576, 0]);
    expect((await samplesOf(folder)).map(({ labels }) => labels.reduce((sum, label) => sum + label, 0))).toEqual([5, 576, 0]);
  });

  const rgba = (...colours: number[][]) => png(24, 24, 4, (pixel, channel) => colours[pixel < 5 ? 0 : colours.length - 1][channel]);
  const counted = async (data: string, ...files: Uint8Array[]) => {
    for (const [i, file] of files.entries()) writeFileSync(join(data, "masks", `disc-${i}.png`), file);
    return (await readFolder(data, masks)).pictures.map(({ counts }) => counts[1]);
  };

  test("a mask that is transparent all over does not make alpha of masks in black and white", async () => {
    const [white, black, clear] = [[255, 255, 255, 255], [0, 0, 0, 255], [0, 0, 0, 0]]; // biome-ignore format: one line
    expect(await counted(fresh(), rgba(white, black), rgba(black), rgba(clear))).toEqual([5, 0, 0]);
    const red = [255, 0, 0, 255];
    expect(await counted(fresh(), rgba(red, clear), rgba(clear), rgba(red))).toEqual([5, 0, 576]);
  });

  test("refuses one colour where alpha is the mask in some and colours are in others", async () => {
    const [white, black, clear] = [[255, 255, 255, 255], [0, 0, 0, 255], [255, 255, 255, 0]]; // biome-ignore format: one line
    await expect(counted(fresh(), rgba(white, black), rgba(black), rgba(white, clear))).rejects.toThrow(
      /disc-1.png is one colour, but in some masks alpha marks the foreground, in .*disc-0.png colours do; save all masks without transparency, in grey$/,
    );
  });

  test("names the other folder of labels where one is missing, and files that may belong together", async () => {
    const data = fresh();
    mkdirSync(join(data, "classes"));
    writeFileSync(join(data, "masks", "disc-1_mask.png"), blank(24, 24, 0));
    rmSync(join(data, "masks", "disc-1.png"));
    expect(await messageOf(data)).toMatch(/disc-1.png stands alone: .*; rename DIR\/masks\/disc-1_mask.png, if it belongs to it, or add/);
    rmSync(join(data, "masks"), { recursive: true });
    expect(await messageOf(data)).toMatch(
      /^DIR\/masks does not exist; it holds a mask for each picture; pass --classes N to read classes\/ instead$/,
    );
  });

  test("tells of what is not read, of turned pictures and of pages", async () => {
    const data = fresh();
    for (const name of ["a.bmp", "b.bmp", "c.webp", "notes.txt", ".hidden.gif"]) writeFileSync(join(data, "images", name), "x");
    writeFileSync(join(data, "images", "t.png"), exifPng(6, 4, 6));
    writeFileSync(join(data, "masks", "t.png"), blank(4, 6, 0));
    const { doubts, pictures } = await readFolder(data, masks);
    expect(doubts.map((doubt) => doubt.replaceAll(data, "DIR"))).toEqual([
      "in DIR/images 2 .bmp files and 1 .webp file are not read; convert them to PNG",
      "DIR/images/t.png is stored turned, as EXIF says; picture and mask are brought together",
    ]);
    expect(pictures[3]).toMatchObject({ name: "t", width: 4, height: 6 });
  });

  test("tells of masks without foreground, and of such that are all foreground", async () => {
    const data = fresh();
    const write = (value: number) => { for (let i = 0; i < 3; i++) writeFileSync(join(data, "masks", `disc-${i}.png`), blank(24, 24, value)); }; // biome-ignore format: one line
    write(0);
    expect((await readFolder(data, masks)).doubts).toEqual([`${join(data, "masks")} marks no foreground in any mask`]);
    write(9);
    expect((await readFolder(data, masks)).doubts).toEqual([`${join(data, "masks")} marks every pixel of every mask as foreground`]);
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
      /^DIR\/images\/disc-1.png is neither PNG, JPEG nor TIFF; /,
    ],
    [
      "a folder named as a picture",
      (data) => {
        rmSync(join(data, "images", "disc-1.png"));
        mkdirSync(join(data, "images", "disc-1.png"));
      },
      /^DIR\/masks\/disc-1.png stands alone/,
    ],
    [
      "a link that leads nowhere",
      (data) => {
        rmSync(join(data, "images", "disc-1.png"));
        symlinkSync(join(data, "nowhere.png"), join(data, "images", "disc-1.png"));
      },
      /^DIR\/images\/disc-1.png does not exist; replace or remove it$/,
    ],
    [
      "a turned picture whose mask fits both ways",
      (data) => writeFileSync(join(data, "images", "disc-1.png"), exifPng(24, 24, 6)),
      /^DIR\/images\/disc-1.png is stored turned or mirrored \(EXIF orientation 6\), and its mask fits it both .*; save both upright$/,
    ],
    [
      "a turned mask whose picture fits both ways",
      (data) => writeFileSync(join(data, "masks", "disc-1.png"), exifPng(24, 24, 3)),
      /^DIR\/masks\/disc-1.png is stored turned .* its picture fits it both/,
    ],
    [
      "masks that nobody can know the meaning of",
      (data) => writeFileSync(join(data, "masks", "disc-1.png"), blank(24, 24, 7)),
      /^DIR\/masks\/disc-0.png holds the values 0 and 255, all masks together 0, 7 and 255, expected 0 and one other/,
    ],
    [
      "an empty folder",
      (data) => {
        rmSync(join(data, "images"), { recursive: true });
        mkdirSync(join(data, "images"));
      },
      /^DIR\/images holds no PNG, JPEG or TIFF file; /,
    ],
    [
      "a folder of pictures that are not read",
      (data) => {
        rmSync(join(data, "images"), { recursive: true });
        mkdirSync(join(data, "images"));
        writeFileSync(join(data, "images", "a.ppm"), "");
      },
      /^DIR\/images holds no PNG, JPEG or TIFF file; 1 .ppm file is not read; convert it to PNG$/,
    ],
    [
      "a mask that is not read",
      (data) => {
        rmSync(join(data, "masks", "disc-1.png"));
        writeFileSync(join(data, "masks", "disc-1.bmp"), "");
      },
      /^DIR\/images\/disc-1.png stands alone: .*; add or remove files \(in DIR\/masks 1 .bmp file is not read; convert it to PNG\)$/,
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
      "two files of one stem",
      (data) => writeFileSync(join(data, "images", "disc-1.jpg"), ""),
      /^DIR\/images\/disc-1.jpg and DIR\/images\/disc-1.png have the same stem; remove one/,
    ],
  ];
  test.each(cases)("refuses %s", async (_, spoil, message) => {
    const data = fresh();
    spoil(data);
    expect(await messageOf(data)).toMatch(message);
  });

  test("tells of a mask that is ignored all over", async () => {
    const data = fresh();
    writeFileSync(join(data, "masks", "disc-1.png"), blank(24, 24, 77));
    const { doubts } = await readFolder(data, { ...masks, ignore: [77] });
    expect(doubts).toEqual(["disc-1 is ignored all over, so nothing can be learned there"]);
  });

  test("reads class numbers from classes/, and refuses those out of range", async () => {
    const data = fresh();
    mkdirSync(join(data, "classes"));
    for (let i = 0; i < 3; i++) writeFileSync(join(data, "classes", `disc-${i}.png`), blank(24, 24, i));
    const folder = await readFolder(data, { ...masks, classes: 4 });
    expect(folder.pictures.map(({ counts }) => counts)).toEqual([[576, 0, 0, 0], [0, 576, 0, 0], [0, 0, 576, 0]]); // biome-ignore format: one line
    expect(folder.doubts).toEqual([`${join(data, "classes")} has no pixel of class 3`]);
    await expect(readFolder(data, { ...masks, classes: 2 })).rejects.toThrow(
      /disc-2.png has class 2, expected 0 to 1; raise --classes to 3/,
    );
  });

  test("pairs masks whose names have a suffix, and proposes it where all have one", async () => {
    const data = fresh();
    for (let i = 0; i < 3; i++) renameSync(join(data, "masks", `disc-${i}.png`), join(data, "masks", `disc-${i}_mask.png`));
    const suffixed = await readFolder(data, { ...masks, maskSuffix: "_mask" });
    expect(suffixed.pictures.map(({ name }) => name)).toEqual(["disc-0", "disc-1", "disc-2"]);
    expect(await messageOf(data)).toMatch(
      /disc-0.png \(and 2 more\) stands alone: .*; pass --mask-suffix _mask, which all files in DIR\/masks have behind the names of pictures$/,
    );
    renameSync(join(data, "masks", "disc-1_mask.png"), join(data, "masks", "disc-1.png"));
    expect(await messageOf(data)).not.toContain("--mask-suffix");
    expect(await messageOf(data, { ...masks, maskSuffix: "_mask" })).toBe(
      "DIR/masks/disc-1.png lacks the suffix _mask of --mask-suffix at the end of its stem; remove it, or rename it",
    );
    rmSync(join(data, "masks", "disc-1.png"));
    expect(await messageOf(data, { ...masks, maskSuffix: "_mask" })).toMatch(
      /^DIR\/images\/disc-1.png stands alone: a picture in DIR\/images needs a file of the same name with _mask in DIR\/masks; add or remove files$/,
    );
    rmSync(join(data, "masks"), { recursive: true });
    expect(await messageOf(data, { ...masks, maskSuffix: "_mask" })).toMatch(/masks does not exist; it holds a mask for each picture$/);
    rmSync(join(data, "images"), { recursive: true });
    expect(await messageOf(data, { ...masks, maskSuffix: "_mask" })).toMatch(
      /DIR needs images\/ and masks\/ with files of the same names, those of masks with _mask behind$/,
    );
  });

  test("reads classes from the colours of masks, again where memory is short, and names those that are missing", async () => {
    const data = fresh();
    const colours = { file: "colours.txt", ...parseColours("0 0 0 sky\n9 8 7 void\n255 0 0 car\n1 1 1 road") };
    const options = { ...masks, classes: 3, colours };
    const rgb = [[0, 0, 0], [9, 8, 7], [255, 0, 0]]; // biome-ignore format: one line
    const write = (i: number, bytes: Uint8Array) => writeFileSync(join(data, "masks", `disc-${i}.png`), bytes);
    for (let i = 0; i < 3; i++)
      write(
        i,
        png(24, 24, 3, (pixel, channel) => rgb[pixel % 3][channel]),
      );
    // of one colour, as grey
    write(1, blank(24, 24, 0));
    for (const memory of [new Memory(), new Memory(0)]) {
      const folder = await readFolder(data, options, memory);
      expect(folder).toMatchObject({
        truth: "masks",
        classNames: ["sky", "car", "road"],
        values: "#000000, #090807 and #ff0000 (colours)",
      });
      expect(folder.doubts).toEqual([`${join(data, "masks")} has no pixel of class 2 (road)`]);
      expect(folder.pictures.map(({ counts, ignored }) => [counts, ignored])).toEqual([[[192, 192, 0], 192], [[576, 0, 0], 0], [[192, 192, 0], 192]]); // biome-ignore format: one line
      const [first, second] = await samplesOf(folder);
      expect([...first.labels.subarray(0, 4)]).toEqual([0, IGNORED, 1, 0]);
      expect(new Set(second.labels)).toEqual(new Set([0]));
    }
    const later = await readFolder(data, options, new Memory(0));
    write(0, blank(24, 24, 5));
    await expect(later.pictures[0].read()).rejects.toThrow(/a mask has the colour #050505, .*start again/);
    expect(await messageOf(data, options)).toMatch(/^DIR\/masks\/disc-0.png has 576 pixels of #050505, which colours.txt does not name;/);
    write(
      0,
      png(24, 24, 4, (_, channel) => (channel === 3 ? 0 : 9)),
    );
    expect(await messageOf(data, options)).toMatch(/^DIR\/masks\/disc-0.png can be read in two ways: pixels of colour #090909 are transp/);
    // classes/ comes first
    mkdirSync(join(data, "classes"));
    expect(await messageOf(data, options)).toMatch(/^DIR\/classes holds no PNG, JPEG or TIFF file; it holds a mask for each picture$/);
    rmSync(join(data, "classes"), { recursive: true });
    rmSync(join(data, "masks"), { recursive: true });
    expect(await messageOf(data, options)).toMatch(/^DIR\/masks does not exist; it holds a mask for each picture$/);
  });

  test("says what else a folder could be read by, where the call can be changed", async () => {
    const data = fresh();
    renameSync(join(data, "masks"), join(data, "classes"));
    expect(await messageOf(data)).toMatch(/for each picture; pass --classes N to read classes\/ instead$/);
    expect(await messageOf(data, { ...masks, trainedThreshold: null })).toMatch(/it holds a mask for each picture$/);
    renameSync(join(data, "classes"), join(data, "masks"));
    const classes = { ...masks, classes: 3 };
    const colours = "pass --colours FILE to read classes by the colours in masks/";
    expect(await messageOf(data, classes)).toContain(`for each picture; leave out --classes to read masks/ instead, or ${colours}`);
    expect(await messageOf(data, { ...classes, trainedThreshold: null })).toContain(`for each picture; ${colours}`);
  });

  test("proposes to ignore a border beside what is ignored", async () => {
    const data = fresh();
    for (let i = 0; i < 3; i++) writeFileSync(join(data, "masks", `disc-${i}.png`), png(24, 24, 1, (pixel) => [0, 255, 1, 255, 0, 8, 9, 0][pixel % 8])); // biome-ignore format: one line
    expect(await messageOf(data, { ...masks, ignore: [8, 9] })).toMatch(/, or --ignore 8,9,255 if 255 marks a border/);
    const { pictures } = await readFolder(data, { ...masks, ignore: [8, 9, 255] });
    expect(pictures[0]).toMatchObject({ counts: [216, 72], ignored: 288 });
  });
});
