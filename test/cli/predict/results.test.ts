import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decode } from "fast-png";
import { afterAll, describe, expect, test } from "vitest";
import { encodeOwn } from "../../../src/cli/predict/ownPng.js";
import { plan } from "../../../src/cli/predict/plan.js";
import { type Predictor, resultsOf, write } from "../../../src/cli/predict/results.js";
import { nn } from "../../../src/index.js";
import { binaryTask, multiclassTask } from "../../../src/model/task.js";
import { exifPng, png, temporaryFolder } from "../helpers/files.js";
import { rawPng } from "../helpers/rawPng.js";
import { TIFFS } from "../helpers/tiffs.js";

const root = temporaryFolder();
const options = { model: "", data: "", out: "" };

/** A model of one convolution of one pixel: `weights` of red, green and blue for each class, which sees values from 0 to 255. */
function predictor(weights: number[], bias: number[]): Predictor {
  const network = new nn.Conv2d(3, bias.length, 1);
  const [weight, added] = [weights, bias].map((values) => Float32Array.from(values));
  network.loadStateDict({ weight: { shape: [bias.length, 3, 1, 1], data: weight }, bias: { shape: [bias.length], data: added } });
  afterAll(() => network.dispose());
  return { network, task: bias.length === 1 ? binaryTask : multiclassTask(bias.length), normalisation: "none" };
}
const bright = predictor([1 / 255, 0, 0], [-0.5]);

/** The results of a file, decoded, by the end of their names. */
async function predicted(name: string, bytes: Uint8Array, model: Predictor, more = {}) {
  writeFileSync(join(root, name), bytes);
  const doubts: string[] = [];
  const [job] = plan(new Map([["a", { path: join(root, name), shown: name }]]), join(root, "out"), { ...options, ...more });
  const watch = { signal: new AbortController().signal, onProgress: () => {}, onDoubt: (doubt: string) => doubts.push(doubt) };
  const results = await resultsOf(job, model, { ...options, ...more }, watch);
  return { files: [...results].map(([path, file]) => ({ path, ...decode(file, { checkCrc: true }) })), doubts };
}

describe("resultsOf", () => {
  test.each<[string, Uint8Array, number[]]>([
    ["one pixel", png(1, 1, 1, () => 200), [255]],
    ["colour", png(3, 1, 3, (pixel, c) => (c === 0 ? [0, 127, 128][pixel] : 255)), [0, 0, 255]],
    ["grey with alpha", png(2, 1, 2, (pixel, c) => (c === 0 ? [0, 255][pixel] : 0)), [0, 255]],
    ["16 bits", rawPng({ width: 2, height: 1, depth: 16, colour: 0, rows: [[0, 200, 255, 0]] }), [0, 255]],
    ["a palette", rawPng({ width: 2, height: 1, depth: 8, colour: 3, palette: [255, 0, 0, 0, 255, 255], rows: [[1, 0]] }), [0, 255]],
  ])("a mask of 0 and 255 for %s", async (name, bytes, expected) => {
    const { files, doubts } = await predicted(`${name}.png`, bytes, bright);
    expect(doubts).toEqual([]);
    expect(files).toMatchObject([{ path: join(root, "out", "a.png"), width: expected.length, height: 1, channels: 1, depth: 8 }]);
    expect([...files[0].data]).toEqual(expected);
  });

  test("class numbers, the probability of the class, and the picture with classes over it; the mask comes last", async () => {
    // the class is the brightest of red, green and blue
    const model = predictor([1, 0, 0, 0, 1, 0, 0, 0, 1], [0, 0, 0]);
    const bytes = png(3, 1, 3, (pixel, c) => (pixel === c ? 200 : 199));
    const { files } = await predicted("classes.png", bytes, model, { overlay: true, probabilities: true });
    const [overlay, probability, mask] = files;
    expect(files.map(({ path }) => path)).toEqual(["a.overlay.png", "a.probability.png", "a.png"].map((name) => join(root, "out", name)));
    expect([...mask.data]).toEqual([0, 1, 2]);
    expect(overlay).toMatchObject({ channels: 3, depth: 8, width: 3 });
    expect(probability).toMatchObject({ channels: 1, depth: 16, width: 3 });
    expect([...probability.data]).toEqual(new Array(3).fill(Math.round((65535 * Math.E) / (Math.E + 2))));
  });

  test("a cut-off moves the mask, not the probability", async () => {
    const bytes = png(3, 1, 1, (pixel) => [0, 128, 255][pixel]);
    const probabilities = [-0.5, 128 / 255 - 0.5, 0.5].map((logit) => 65535 / (1 + Math.exp(-logit)));
    for (const [cutoff, expected] of [
      [0.3, [255, 255, 255]],
      [0.6, [0, 0, 255]],
      [0.7, [0, 0, 0]],
    ] as const) {
      // biome-ignore format: one line
      const { files } = await predicted("cutoff.png", bytes, bright, { cutoff, probabilities: true });
      expect([...files[1].data]).toEqual(expected);
      probabilities.forEach((one, i) => { expect(Math.abs(files[0].data[i] - one)).toBeLessThan(1); }); // biome-ignore format: one line
    }
  });

  test("flips are averaged", async () => {
    // foreground is where the pixel to the left is bright: mirrored, the one to the right
    const network = new nn.Conv2d(3, 1, 3, { padding: 1 });
    const weight = Float32Array.from({ length: 27 }, (_, i) => (i === 3 ? 1 : 0));
    network.loadStateDict({ weight: { shape: [1, 3, 3, 3], data: weight }, bias: { shape: [1], data: Float32Array.of(-10) } });
    const model = { network, task: binaryTask, normalisation: "none" } as const;
    const bytes = png(5, 1, 1, (pixel) => (pixel === 2 ? 255 : 0));
    const labels = async (more: object) => [...(await predicted("flips.png", bytes, model, more)).files[0].data];
    expect(await labels({})).toEqual([0, 0, 0, 255, 0]);
    expect(await labels({ flips: true })).toEqual([0, 255, 0, 255, 0]);
    network.dispose();
  });

  test("has the size in which a picture is shown", async () => {
    const { files } = await predicted("turned.png", exifPng(4, 2, 6), bright, { overlay: true, probabilities: true });
    expect(files.map(({ width, height }) => [width, height])).toEqual(new Array(3).fill([2, 4]));
  });

  test("tells of pages that are not read", async () => {
    const { doubts } = await predicted("pages.tif", TIFFS.pages, bright);
    expect(doubts).toEqual(["pages.tif is made of several pages, of which the first is read"]);
  });

  test("names the picture that cannot be read or predicted", async () => {
    const failure = (bytes: Uint8Array | string, model = bright) => expect(predicted("broken.png", Buffer.from(bytes), model)).rejects;
    await failure(png(9, 9, 1, () => 7).subarray(0, 50)).toThrow(/^broken\.png is truncated: .*; replace or remove it$/);
    await failure("no picture").toThrow("broken.png is neither PNG, JPEG nor TIFF; replace or remove it");
    await failure(
      png(1, 1, 1, () => 7),
      predictor([3e38, -3e38, 0], [0]),
    ).toThrow(/^broken\.png: the network's logit of .* is NaN/);
  });
});

describe("write", () => {
  test("makes folders, writes over its own files, and leaves no temporary ones", () => {
    const file = join(root, "written", "sub", "a.png");
    for (const value of [1, 2]) write(new Map([[file, encodeOwn({ width: 1, height: 1, channels: 1, data: Uint8Array.of(value) })]]));
    expect([...decode(readFileSync(file)).data]).toEqual([2]);
    expect(readdirSync(join(root, "written", "sub"))).toEqual(["a.png"]);
  });

  test("writes over nothing that came to exist meanwhile, and says so", () => {
    const folder = join(root, "meanwhile");
    mkdirSync(folder);
    const [overlay, mask] = [join(folder, "a.overlay.png"), join(folder, "a.png")];
    writeFileSync(overlay, "mine");
    const results = new Map([[overlay, Buffer.from("")], [mask, Buffer.from("")]]); // biome-ignore format: one line
    expect(() => write(results)).toThrow(
      `${overlay} has come to exist, and lovasz predict did not write it; choose another folder with --out`,
    );
    expect(readFileSync(overlay, "utf8")).toBe("mine");
    expect(existsSync(mask)).toBe(false);
    symlinkSync("/proc/none", join(root, "dead"));
    expect(() => write(new Map([[join(root, "dead", "sub", "a.png"), Buffer.from("")]]))).toThrow(
      /sub cannot be made: .*; choose another folder/,
    );
  });
});
