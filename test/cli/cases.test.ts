// Folders of files as people really have them, on which version 0.1.0 was wrong: each is read right, or refused with its cure.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { call } from "./helpers/call.js";
import { temporaryFolder } from "./helpers/files.js";

const cases = fileURLToPath(new URL("../../../shared/cases", import.meta.url));
const there = existsSync(join(cases, "truth.json"));
if (!there) console.warn("skipped: ../shared/cases is missing");

interface Truth {
  foreground: number[];
}
const truth: Record<string, Truth> = there ? JSON.parse(readFileSync(join(cases, "truth.json"), "utf8")) : {};
const root = temporaryFolder();

/** The foreground that `lovasz inspect --json` tells of each picture, and its warnings. */
async function inspect(name: string, ...args: string[]): Promise<{ foreground: number[]; warnings: string[] }> {
  const { code, out, err } = await call("inspect", "--data", join(cases, name), "--json", ...args);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const { pictures, warnings } = JSON.parse(out) as { pictures: { foreground: number }[]; warnings: string[] };
  return { foreground: pictures.map((picture) => picture.foreground), warnings };
}

async function refusal(name: string, ...args: string[]): Promise<string> {
  const { code, out, err } = await call("inspect", "--data", join(cases, name), "--json", ...args);
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toMatch(/^lovasz: [^\n]+\n$/);
  return err;
}

describe.skipIf(!there)("inspect", () => {
  test.each(["alpha-white", "palette-index0-grey", "jfif"])("reads %s right", async (name) => {
    expect(await inspect(name)).toEqual({ foreground: truth[name].foreground, warnings: [] });
  });

  test("reads 0 and 255 as two classes, and says so", async () => {
    const { foreground, warnings } = await inspect("classes-0-255", "--classes", "2");
    expect(foreground).toEqual(truth["classes-0-255"].foreground);
    expect(warnings).toEqual(["the values 0 and 255 in the maps of class numbers are read as classes 0 and 1"]);
  });

  test("never proposes to ignore the whole foreground", async () => {
    expect(await refusal("classes-0-255", "--classes", "3")).not.toMatch(/--ignore/);
  });

  test("refuses noise that went through JPEG, and what it proposes is right", async () => {
    const message = await refusal("jpeg-noise-75");
    expect(message).toMatch(/0, 255 and \d+ values in between, most within 12 of them/);
    expect(message).toMatch(/--threshold 128 if/);
    expect((await inspect("jpeg-noise-75", "--threshold", "128")).foreground).toEqual(truth["jpeg-noise-75"].foreground);
  });

  test("refuses dim instances in JPEG files, and what it proposes is right", async () => {
    const [, threshold] = /--threshold (\d+) if/.exec(await refusal("dim-instances")) as RegExpExecArray;
    expect((await inspect("dim-instances", "--threshold", threshold)).foreground).toEqual(truth["dim-instances"].foreground);
  });

  test("refuses a border that nobody named, and proposes to ignore it", async () => {
    expect(await refusal("void-border")).toMatch(/--ignore 255 if 255 marks a border that nobody could label/);
    // less than without the border, half of which lies on the foreground
    expect((await inspect("void-border", "--ignore", "255")).foreground).toEqual([241, 177, 177, 169, 125, 143]);
  });

  test("warns where there is no foreground", async () => {
    const { foreground, warnings } = await inspect("no-foreground");
    expect(foreground).toEqual([0, 0, 0, 0]);
    expect(warnings).toEqual([expect.stringMatching(/marks no foreground in any mask$/)]);
  });
});

describe.skipIf(!there)("train and eval", () => {
  const train = (name: string, out: string, ...args: string[]) =>
    call("train", "--data", join(cases, name), "--out", join(root, out), "--loss", "bce", "--epochs", "1", "--width", "2", ...args);

  test("a model knows which value its training ignored", async () => {
    expect((await train("void-border", "void", "--ignore", "255")).code).toBe(0);
    expect(JSON.parse(readFileSync(join(root, "void", "metrics.json"), "utf8")).config).toMatchObject({ ignore: 255, threshold: null });
    const evaluate = (...args: string[]) =>
      call("eval", "--model", join(root, "void", "bce.safetensors"), "--data", join(cases, "void-border"), ...args);
    const [without, with255] = [await evaluate(), await evaluate("--ignore", "255")];
    expect(without.out).toContain("pixels of value 255 are ignored, as in the training of the model\n");
    expect(without.out.split("\n").slice(1)).toEqual(with255.out.split("\n"));
    const other = await evaluate("--ignore", "1");
    expect(other.code).toBe(2);
    expect(other.err).toMatch(/--ignore 1 contradicts the model, which was trained with --ignore 255; leave --ignore out/);
  });

  test("pictures without foreground are scored, and validated with", async () => {
    const run = await train("void-border", "alarms", "--ignore", "255", "--val", join(cases, "no-foreground"));
    expect(run).toMatchObject({
      code: 0,
      err: expect.stringMatching(/^warning: .*no-foreground[\\/]masks marks no foreground in any mask\n$/m),
    });
    const { code, out } = await call(
      "eval",
      "--model",
      join(root, "alarms", "bce.safetensors"),
      "--data",
      join(cases, "no-foreground"),
      "--json",
    );
    expect(code).toBe(0);
    const { iou, meanImageIoU } = JSON.parse(out);
    expect([0, 1]).toContain(iou);
    expect(meanImageIoU).toBeGreaterThanOrEqual(0);
  });

  test("training needs foreground", async () => {
    const { code, err } = await train("no-foreground", "none");
    expect(code).toBe(1);
    expect(err).toMatch(
      /marks no foreground in the pictures for training, .*; training needs foreground and background: see lovasz inspect/,
    );
    expect(existsSync(join(root, "none"))).toBe(false);
  });
});
