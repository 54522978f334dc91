import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { attempt, nearestOf, tryOut } from "../../src/cli/tryOut.js";
import { snapshot, temporaryFolder } from "./helpers/files.js";

const all = temporaryFolder();
let count = 0;
let root = "";
beforeEach(() => {
  root = join(all, String(count++));
  mkdirSync(root);
});
const planned = { names: ["a.png"], bytes: 100, shorten: "shorten it" };

test("leaves no trace in a folder that can be written to, which need not exist or be empty", () => {
  writeFileSync(join(root, "a.png"), "mine");
  const before = snapshot(root);
  for (const folder of [root, join(root, "new"), join(root, "new", "deeper")]) tryOut(folder, planned);
  expect(snapshot(root)).toEqual(before);
});

test("refuses what cannot be written to, and says what to do", () => {
  writeFileSync(join(root, "file"), "");
  symlinkSync(join(root, "nothing"), join(root, "broken"));
  const refusal =
    (name: string, more = {}) =>
    () =>
      attempt(join(root, name), () => tryOut(join(root, name), { ...planned, ...more }));
  expect(refusal("file")).toThrow(/file cannot be written to: .*file is a file; choose another folder with --out$/);
  expect(refusal("file/below")).toThrow(/below cannot be written to: .*file is a file; choose/);
  expect(refusal("broken")).toThrow(/broken cannot be written to: .*no such file/);
  expect(refusal("n".repeat(300))).toThrow(/its path is too long; choose/);
  expect(refusal("", { names: ["a", "n".repeat(252).concat(".png")] })).toThrow(
    /^the name n{50}\.\.\. \(256 characters\) is too long .*; shorten it$/,
  );
  expect(Object.keys(snapshot(root)).sort()).toEqual(["broken", "file"]);
});

test("finds the nearest path that exists", () => {
  writeFileSync(join(root, "file"), "");
  expect(nearestOf(join(root, "a", "b"))).toBe(root);
  expect(nearestOf(join(root, "file", "b"))).toBe(join(root, "file"));
});
