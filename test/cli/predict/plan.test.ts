import { chmodSync, existsSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { WrongCall } from "../../../src/cli/exits.js";
import { encodeOwn } from "../../../src/cli/predict/ownPng.js";
import { mayWrite, plan, targetsOf } from "../../../src/cli/predict/plan.js";
import { snapshot, temporaryFolder } from "../helpers/files.js";

const all = temporaryFolder();
let count = 0;
let out = "";
beforeEach(() => {
  out = join(all, String(count++), "out");
  mkdirSync(out, { recursive: true });
});
const options = { model: "", data: "", out: "" };
const both = { ...options, overlay: true, probabilities: true };
const pictures = (...stems: string[]) => new Map(stems.map((stem) => [stem, { path: join(all, `${stem}.jpg`), shown: `${stem}.jpg` }]));
const own = encodeOwn({ width: 1, height: 1, channels: 1, data: Uint8Array.of(1) });

/** The message with which a plan is refused. */
function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(WrongCall);
    return (error as Error).message;
  }
  return "not refused";
}

describe("plan", () => {
  test("names a mask for each picture, and what else is wanted, in the subfolders of the pictures", () => {
    const [a, b] = plan(pictures("a", "sub/b"), out, both);
    expect(targetsOf(a)).toEqual(["a.overlay.png", "a.probability.png", "a.png"].map((name) => join(out, name)));
    expect([b.mask, b.stem]).toEqual([join(out, "sub/b.png"), "sub/b"]);
    expect(targetsOf(plan(pictures("a"), out, options)[0])).toEqual([join(out, "a.png")]);
    expect(snapshot(out)).toEqual({});
  });

  test("refuses two results of one name", () => {
    expect(refusal(() => plan(pictures("a", "a.overlay"), out, both))).toBe(
      `the results of a.jpg and a.overlay.jpg would both take the name ${join(out, "a.overlay.png")}; rename one of them`,
    );
    expect(refusal(() => plan(pictures("a", "a.probability"), out, both))).toMatch(/a\.probability\.png; rename/);
    expect(plan(pictures("a", "a.overlay"), out, options)).toHaveLength(2);
    // a file and a folder
    expect(refusal(() => plan(pictures("a", "a.png/b"), out, options))).toMatch(
      /^the results of a\.jpg and a\.png[\\/]b\.jpg would both take .*a\.png;/,
    );
  });

  test("refuses to overwrite what lovasz predict did not write, and pictures", () => {
    for (const name of ["a.png", "b.png"]) writeFileSync(join(out, name), name);
    const before = snapshot(out);
    const cure = "choose another folder with --out";
    expect(refusal(() => plan(pictures("a", "b", "c"), out, options))).toBe(
      `${join(out, "a.png")} exists, and lovasz predict did not write it (and 1 more file in the way); ${cure}`,
    );
    const picture = new Map([["a", { path: join(out, "a.png"), shown: "a.png" }]]);
    expect(refusal(() => plan(picture, out, options))).toBe(`${join(out, "a.png")} is a picture of --data; ${cure}`);
    mkdirSync(join(out, "d.png"));
    expect(refusal(() => plan(pictures("d"), out, options))).toBe(`${join(out, "d.png")} is a folder; ${cure}`);
    // links to pictures and to nothing
    symlinkSync(join(out, "a.png"), join(out, "e.png"));
    expect(refusal(() => plan(new Map([["e", { path: join(out, "a.png"), shown: "" }]]), out, options))).toMatch(
      /e\.png is a picture of --data/,
    );
    symlinkSync(join(out, "none"), join(out, "f.png"));
    expect(refusal(() => plan(pictures("f"), out, options))).toMatch(/f\.png exists, and lovasz predict did not write it/);
    linkSync(join(out, "a.png"), join(out, "g.png"));
    expect(refusal(() => plan(pictures("g"), out, options))).toMatch(/g\.png exists/);
    expect(snapshot(out)).toMatchObject(before);
  });

  test("writes over its own results", () => {
    writeFileSync(join(out, "a.png"), own);
    expect(plan(pictures("a"), out, options)).toHaveLength(1);
    expect(mayWrite(join(out, "a.png"))).toBe(true);
  });

  test("refuses a folder that cannot be written to", () => {
    writeFileSync(join(out, "file"), "");
    expect(refusal(() => plan(pictures("a"), join(out, "file"), options))).toMatch(
      /file cannot be written to: .* is a file; choose another/,
    );
    expect(refusal(() => plan(pictures("file/a"), out, options))).toMatch(/file cannot be written to: .* is a file; choose another/);
    const long = "é".repeat(124);
    expect(plan(pictures(long), out, options)).toHaveLength(1);
    expect(refusal(() => plan(pictures("a", `sub/${long}`), out, both))).toMatch(
      /^the name é.* is too long .*; rename the picture, or choose/,
    );
    // fewer characters, but more bytes
    expect(refusal(() => plan(pictures("a".repeat(150), "é".repeat(126)), out, options))).toMatch(/^the name é.* is too long/);
  });

  test.skipIf(!existsSync("/proc/self"))("refuses a folder that takes no others", () => {
    expect(refusal(() => plan(pictures("a"), "/proc/lovasz/out", options))).toMatch(/^\/proc\/lovasz\/out cannot be written to: ENOENT/);
  });

  test.skipIf(!process.getuid?.())("refuses a folder that is read-only (skipped for root, who may write anywhere, and on Windows)", () => {
    mkdirSync(join(out, "sub"));
    chmodSync(join(out, "sub"), 0o500);
    expect(refusal(() => plan(pictures("a", "sub/b"), out, options))).toMatch(/sub cannot be written to: EACCES/);
    chmodSync(join(out, "sub"), 0o700);
  });
});
