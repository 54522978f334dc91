import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { call } from "../helpers/call.js";
import { png, snapshot, temporaryFolder, writeBands, writeDiscs } from "../helpers/files.js";

const root = temporaryFolder();
const data = writeDiscs(join(root, "data"), { count: 3 });
const bands = writeBands(join(root, "bands"), { count: 2 });
const inspect = (...args: string[]) => call("inspect", ...args);

describe("lovasz inspect", () => {
  test("shows sizes, values and class balance, and changes nothing", async () => {
    const before = snapshot(data);
    const { code, out, err } = await inspect("--data", data);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain(`${data}: 3 pictures of 24 x 24 pixels; the masks hold 0 and 255 (grey values)`);
    expect(out).toMatch(/│ disc-0 +│ 24 x 24 │ +\d+\.\d % │ +0\.0 % │/);
    expect(out).toMatch(/│ foreground │ +\d+ │ +\d+\.\d % │ +3 of 3 │/);
    expect(snapshot(data)).toEqual(before);
  });

  test("prints with --json what programs read and nothing else", async () => {
    const { code, out, err } = await inspect("--data", data, "--json");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const { pictures, warnings } = JSON.parse(out);
    expect(out).toBe(`${JSON.stringify({ pictures, warnings })}\n`);
    expect(warnings).toEqual([]);
    expect(pictures.map(({ name }: { name: string }) => name)).toEqual(["disc-0", "disc-1", "disc-2"]);
    for (const { width, height, foreground, ignored, classes } of pictures) {
      expect([width, height, ignored]).toEqual([24, 24, 0]);
      expect(classes).toEqual([576 - foreground, foreground]);
      expect(foreground).toBeGreaterThan(20);
    }
  });

  test("counts the pixels of each class, and ignored ones", async () => {
    const { pictures } = JSON.parse((await inspect("--data", bands, "--classes", "4", "--ignore", "2", "--json")).out);
    expect(pictures[0]).toEqual({ name: "band-0", width: 16, height: 18, foreground: 96, ignored: 96, classes: [96, 96, 0, 0] });
    const { out, err } = await inspect("--data", bands, "--classes", "4");
    expect(out).toMatch(/│ 2 +│ +192 │ +33\.3 % │ +2 of 2 │/);
    expect(err).toBe(`warning: ${join(bands, "classes")} has no pixel of class 3\n`);
  });

  test("leaves out several values, however they are passed", async () => {
    const counts = async (...ignore: string[]) => JSON.parse((await inspect("--data", bands, "--classes", "3", "--json", ...ignore)).out);
    const one = await counts("--ignore", "2,1");
    expect(one.pictures[0]).toMatchObject({ ignored: 192, classes: [96, 0, 0] });
    expect(await counts("--ignore", "2", "--ignore", "1")).toEqual(one);
    expect(await counts("--ignore", "2, 1", "--ignore=2")).toEqual(one);
    for (const wrong of ["2,", ",", "", "2;1", "-1", "1.5", "2,65536"]) {
      const { code, err } = await inspect("--data", bands, "--classes", "3", `--ignore=${wrong}`);
      expect({ code, err }).toMatchObject({
        code: 2,
        err: expect.stringMatching(/--ignore .* Pass a whole number from 0 to 65535, or several with commas/),
      });
    }
  });

  test("reads masks whose names have a suffix", async () => {
    const suffixed = writeDiscs(join(root, "suffixed"), { count: 2 });
    for (let i = 0; i < 2; i++) renameSync(join(suffixed, "masks", `disc-${i}.png`), join(suffixed, "masks", `disc-${i}-é.png`));
    const { code, out } = await inspect("--data", suffixed, "--json", "--mask-suffix", "-e\u0301");
    expect(code).toBe(0);
    expect(JSON.parse(out).pictures.map(({ name }: { name: string }) => name)).toEqual(["disc-0", "disc-1"]);
    for (const [suffix, why] of [
      ["", "It is empty"],
      ["_mask.png", "Leave out the extension"],
      ["masks/_mask", "without a folder"],
    ]) {
      // biome-ignore format: one line
      const { code, err } = await inspect("--data", suffixed, "--mask-suffix", suffix);
      expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(why) });
    }
  });

  test("reads classes by their colours, and tells their names", async () => {
    const painted = writeDiscs(join(root, "painted"), { count: 2 });
    for (let i = 0; i < 2; i++) writeFileSync(join(painted, "masks", `disc-${i}.png`), png(24, 24, 3, (pixel, channel) => (pixel % 2 && channel === 0 ? 255 : 0))); // biome-ignore format: one line
    const file = join(root, "colours.txt");
    writeFileSync(file, "0 0 0 \u001b[2Jsky\n255 0 0 <b>car\n");
    const { code, out, err } = await inspect("--data", painted, "--colours", file);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("the masks hold #000000 and #ff0000 (colours)");
    expect(out).toMatch(/│ 1 \(<b>car\) +│ +576 │/);
    expect(out.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    const page = join(root, "painted.html");
    expect((await inspect("--data", painted, "--colours", file, "--classes", "2", "--html", page)).code).toBe(0);
    expect(readFileSync(page, "utf8")).toContain("1 (&lt;b&gt;car)");
    const plain = await inspect("--data", painted);
    expect(plain.code).toBe(0);
    expect(await inspect("--data", painted, "--colours", join(root, "none.txt"))).toEqual({
      code: 1,
      out: "",
      err: `lovasz: ${join(root, "none.txt")} does not exist; see lovasz inspect --help for the format of --colours\n`,
    });
    for (const [option, why] of [
      ["--threshold=1", "--threshold separates"],
      ["--ignore=1", "--ignore names values"],
      ["--classes=3", "--classes is 3, but"],
    ]) {
      // biome-ignore format: one line
      const { code, err } = await inspect("--data", painted, "--colours", file, option);
      expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(why) });
    }
  });

  test("takes a threshold", async () => {
    const soft = writeDiscs(join(root, "soft"), { count: 1 });
    writeFileSync(join(soft, "masks", "disc-0.png"), png(24, 24, 1, (pixel) => (pixel < 10 ? 200 : pixel < 30 ? 90 : 0))); // biome-ignore format: one line
    const foreground = async (threshold: string) =>
      JSON.parse((await inspect("--data", soft, "--threshold", threshold, "--json")).out).pictures[0].foreground;
    expect([await foreground("1"), await foreground("91"), await foreground("201")]).toEqual([30, 10, 0]);
  });

  test("fails in one line where nobody can know what the values mean, and writes nothing", async () => {
    const unknown = writeDiscs(join(root, "unknown"), { count: 2 });
    writeFileSync(
      join(unknown, "masks", "disc-1.png"),
      png(24, 24, 1, (pixel) => pixel % 3),
    );
    const page = join(root, "unknown.html");
    for (const args of [[], ["--json"], ["--html", page]]) {
      const { code, out, err } = await inspect("--data", unknown, ...args);
      expect({ code, out }).toEqual({ code: 1, out: "" });
      expect(err).toMatch(/^lovasz: [^\n]*disc-1.png holds the values 0, 1 and 2[^\n]*--threshold 1 if[^\n]*\n$/);
    }
    expect(existsSync(page)).toBe(false);
  });

  test("exits 2 for a call that does not fit together", async () => {
    const { code, err } = await inspect("--data", data, "--classes", "2", "--threshold", "9");
    expect({ code, err }).toEqual({
      code: 2,
      err: "lovasz: --threshold separates foreground from background, but --classes reads class numbers; leave out one of them\n",
    });
  });

  test("lists 40 pictures and counts the others", async () => {
    const many = writeDiscs(join(root, "many"), { count: 43, width: 8, height: 8 });
    const { out } = await inspect("--data", many);
    expect(out.match(/│ disc-\d+ /g)).toHaveLength(40);
    expect(out).toContain("and 3 more, which --json lists\n");
  });

  test("writes a page, whole or not at all", async () => {
    const file = join(root, "page.html");
    const { code } = await inspect("--data", data, "--html", file);
    expect(code).toBe(0);
    expect(readFileSync(file, "utf8")).toMatch(/^<!doctype html>.*<\/html>\n$/s);
    mkdirSync(join(root, "folder.html"));
    const failed = await inspect("--data", data, "--html", join(root, "folder.html"));
    expect(failed.code).toBe(1);
    expect(failed.err).toMatch(/folder.html cannot be written to: .*; choose another file$/m);
    expect(readdirSync(root).filter((name) => name.startsWith("."))).toEqual([]);
  });
});
