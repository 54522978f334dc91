import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decode } from "fast-png";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { iouBinary, nn } from "../../../src/index.js";
import type { ModelLike } from "../../../src/model/model.js";
import { saveNetwork } from "../../../src/model/saveNetwork.js";
import { uniform } from "../../../src/random.js";
import { call, callOnTerminal } from "../helpers/call.js";
import { png, slashed, snapshot, temporaryFolder, writeBands, writeDiscs } from "../helpers/files.js";

const all = temporaryFolder();
const model = join(all, "model.safetensors");
let count = 0;
let root = "";
let out = "";
beforeEach(() => {
  root = join(all, String(count++));
  mkdirSync(root);
  out = join(root, "out");
  save(1);
});

/** Saves a network that finds something in any picture, but not everything. */
function save(outChannels: number, more: Omit<ModelLike, "network"> = {}): void {
  const network = new nn.UNet({ outChannels, width: 2, seed: 4 });
  const state = network.stateDict();
  for (const [name, { data }] of Object.entries(state)) if (name.endsWith("bias")) data.forEach((_, i) => { data[i] = 0.05 * Math.sin(i); }); // biome-ignore format: one line
  network.loadStateDict(state);
  writeFileSync(model, saveNetwork({ network, ...more }));
  network.dispose();
}
const predict = (data: string, ...args: string[]) => call("predict", "--model", model, "--data", data, "--out", out, ...args);
const valuesIn = (file: string) => decode(readFileSync(file)).data as Uint8Array;

/** A folder of small pictures of noise. */
function folderOf(...names: string[]): string {
  const folder = join(root, "pictures");
  const next = uniform(3);
  for (const name of names) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), png(8, 6, 3, () => 256 * next())); // biome-ignore format: one line
  }
  return folder;
}

describe("lovasz predict", () => {
  test("writes masks that score what eval says, to the last digit", async () => {
    const data = writeDiscs(join(root, "data"), { count: 3, width: 45, height: 37 });
    for (const normalisation of ["picture", "none", { mean: [0.2, 0.3, 0.4], std: [0.1, 0.2, 0.3] }] as const) {
      save(1, { normalisation });
      expect(await predict(data)).toEqual({ code: 0, out: `3 masks in ${out}\n`, err: "" });
      const names = readdirSync(out);
      const masks = names.map((name) => valuesIn(join(out, name)));
      expect(new Set(masks.flatMap((mask) => [...mask]))).toEqual(new Set([0, 255]));
      const truth = names.map((name) => valuesIn(join(data, "masks", name)));
      const bits = (list: Uint8Array[]) => list.map((values) => values.map((value) => (value > 0 ? 1 : 0)));
      const { iou } = JSON.parse((await call("eval", "--model", model, "--data", data, "--json")).out);
      expect(iouBinary(bits(masks), bits(truth))).toBe(iou);
    }
  });

  test("writes masks by a cut-off that score what eval --cutoff-curve says, to the last digit", async () => {
    const data = writeDiscs(join(root, "data"), { count: 2 });
    const { cutoffs } = JSON.parse((await call("eval", "--model", model, "--data", data, "--json", "--cutoff-curve")).out);
    const seen = new Set<number>();
    for (const { cutoff, iou } of cutoffs.slice(6, 13)) {
      expect((await predict(data, "--cutoff", String(cutoff))).code).toBe(0);
      const bits = (folder: string) => readdirSync(out).map((name) => valuesIn(join(folder, name)).map((value) => (value > 0 ? 1 : 0)));
      expect(iouBinary(bits(out), bits(join(data, "masks")))).toBe(iou);
      seen.add(iou);
    }
    expect(seen.size).toBeGreaterThan(2);
  });

  test("writes class numbers, overlays and probabilities, in the subfolders of the pictures", async () => {
    save(4);
    const data = writeBands(join(root, "bands"), { count: 1 });
    mkdirSync(join(data, "images", "sub"));
    writeFileSync(join(data, "images", "sub", "a.png"), png(1, 1, 1, () => 9)); // biome-ignore format: one line
    const { code, err } = await predict(data, "--overlay", "--probabilities", "--flips");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const kinds = ["", ".overlay", ".probability"].map((kind) => `${kind}.png`);
    expect(Object.keys(snapshot(out)).sort()).toEqual(
      ["sub", ...["band-0", "sub/a"].flatMap((stem) => kinds.map((kind) => stem + kind))].sort(),
    );
    expect(Math.max(...valuesIn(join(out, "band-0.png")))).toBeLessThan(4);
    const least = Math.min(...valuesIn(join(out, "band-0.probability.png")));
    // the largest of four probabilities
    expect(least).toBeGreaterThan(65535 / 4 - 1);
  });

  test("works again in the same folder, within that of the pictures too, and reads none of its own results", async () => {
    const data = folderOf("a.png", "sub/b.png");
    out = join(data, "out");
    for (let i = 0; i < 2; i++) expect(await predict(data, "--overlay")).toEqual({ code: 0, out: `2 masks in ${out}\n`, err: "" });
    const first = out;
    out = join(data, "other");
    expect(await predict(data)).toMatchObject({
      code: 0,
      out: `2 masks in ${out}\n`,
      err: `warning: in ${data} 4 files that lovasz predict wrote are not read\n`,
    });
    expect(Object.keys(snapshot(first))).toHaveLength(5);
  });

  test.skipIf(process.platform === "win32")("reads names that are not UTF-8", async () => {
    const data = folderOf("a.png");
    writeFileSync(Buffer.concat([Buffer.from(`${data}/caf`), Buffer.from([0xe9]), Buffer.from(".png")]), png(2, 2, 1, () => 9)); // biome-ignore format: one line
    expect((await predict(data)).out).toBe(`2 masks in ${out}\n`);
    expect(readdirSync(out).sort()).toEqual(["a.png", "café.png"]);
  });

  test("names broken pictures, does the others, and fails in the end", async () => {
    const data = folderOf("a.png", "b.png", "c.png", "d.png");
    writeFileSync(join(data, "b.png"), readFileSync(join(data, "a.png")).subarray(0, 60));
    writeFileSync(join(data, "c.png"), "");
    symlinkSync(join(root, "nothing"), join(data, "e.png"));
    const { code, out: said, err } = await predict(data, "--overlay");
    expect({ code, said }).toEqual({ code: 1, said: `2 masks in ${out}\n` });
    expect(err.split("\n")).toEqual([
      expect.stringMatching(/^skipped: .*b\.png is truncated: .*; replace or remove it$/),
      expect.stringMatching(/^skipped: .*c\.png is empty; replace or remove it$/),
      expect.stringMatching(/^skipped: .*e\.png does not exist; replace or remove it$/),
      "lovasz: 3 of 5 pictures could not be predicted",
      "",
    ]);
    expect(readdirSync(out).sort()).toEqual(["a.overlay.png", "a.png", "d.overlay.png", "d.png"]);
  });

  test("makes no folder where every picture is broken", async () => {
    const data = folderOf("a.png");
    writeFileSync(join(data, "a.png"), "");
    expect(await predict(data)).toMatchObject({ code: 1, out: "" });
    expect(existsSync(out)).toBe(false);
  });

  test("lets no name of a file move the cursor", async () => {
    const data = folderOf("a\u001b[2J\n.png");
    writeFileSync(join(data, "a\u001b[2J\n.png"), "");
    const { err } = await predict(data);
    expect(err).toMatch(/^skipped: .*\nlovasz: .*\n$/);
    expect(err.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  });

  test("fails in one line, having changed nothing", async () => {
    const data = folderOf("a.png");
    const fails = async (code: number, line: RegExp, ...args: string[]) => {
      const before = snapshot(root);
      const outcome = await call("predict", "--model", model, "--data", data, "--out", out, ...args);
      expect(slashed(outcome.err)).toMatch(line);
      expect(outcome.err).toMatch(/^[^\n]+\n$/);
      expect({ code: outcome.code, out: outcome.out }).toEqual({ code, out: "" });
      expect(snapshot(root)).toEqual(before);
    };
    mkdirSync(join(root, "empty"));
    await fails(1, /empty holds no PNG, JPEG or TIFF file; pass a folder of pictures/, "--data", join(root, "empty"));
    await fails(1, /none does not exist; pass a folder of pictures/, "--data", join(root, "none"));
    await fails(1, /none does not exist; pass a file that lovasz train wrote/, "--model", join(root, "none"));
    await fails(1, /a\.png .*/, "--model", join(data, "a.png"));
    await fails(2, /a\.png is a picture of --data; choose another folder with --out/, "--out", data);
    await fails(2, /cannot be written to: .*a\.png is a file; choose another folder/, "--out", join(data, "a.png"));
    if (existsSync("/proc/self")) await fails(2, /cannot be written to: .*ENOENT/, "--out", "/proc/lovasz");
    writeFileSync(join(data, "a.overlay.jpg"), "");
    await fails(2, /would both take the name .*a\.overlay\.png; rename one of them/, "--overlay");
    mkdirSync(out);
    writeFileSync(join(out, "a.png"), png(8, 6, 1, () => 255)); // biome-ignore format: one line
    await fails(2, /out\/a\.png exists, and lovasz predict did not write it; choose another folder with --out/);
    save(3);
    await fails(
      2,
      /--cutoff 0\.3 separates foreground from background, but the model tells 3 classes apart; leave it out/,
      "--cutoff",
      "0.3",
    );
  });

  test("shows progress on a terminal, and its notes below", async () => {
    const data = folderOf("a.png", "b.png");
    writeFileSync(join(data, "b.png"), "");
    const { err } = await callOnTerminal("predict", "--model", model, "--data", data, "--out", out);
    expect(err).toMatch(/0\/2 .* 0% .* left/);
    expect(err).toMatch(/\nskipped: .*b\.png is empty/);
    expect(err).toMatch(/2\/2 .* 100%/);
    expect(err.lastIndexOf("\u001b[?25h")).toBeGreaterThan(err.lastIndexOf("\u001b[?25l"));
  });

  describe("at Ctrl-C", () => {
    beforeEach(() => {
      vi.spyOn(process, "exit").mockImplementation(() => undefined as never);
    });
    afterEach(() => vi.restoreAllMocks());

    test("drops the picture under way, and says how many are done", async () => {
      const data = folderOf("a.png", "b.png", "c.png");
      const listeners = process.listenerCount("SIGINT");
      // once the first mask is there
      const timer = setInterval(() => {
        if (!existsSync(join(out, "a.png"))) return;
        clearInterval(timer);
        process.emit("SIGINT", "SIGINT");
      }, 0);
      // so large that it takes tiles, between which timers run
      writeFileSync(join(data, "b.png"), png(1100, 600, 1, (pixel) => pixel % 251)); // biome-ignore format: one line
      expect(await predict(data, "--probabilities")).toEqual({
        code: 130,
        out: "",
        err: `lovasz: interrupted; 1 of 3 pictures are done, their masks are in ${out}\n`,
      });
      expect(readdirSync(out).sort()).toEqual(["a.png", "a.probability.png"]);
      expect(process.listenerCount("SIGINT")).toBe(listeners);
    });
  });
});
