import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readColours } from "../../../src/cli/data/readColours.js";
import { LovaszError } from "../../../src/index.js";
import { temporaryFolder } from "../helpers/files.js";

const root = temporaryFolder();
const write = (name: string, contents: string | Uint8Array) => {
  writeFileSync(join(root, name), contents);
  return join(root, name);
};

test("reads a file, and keeps its name", () => {
  const file = write("colours.txt", "0 0 0 sky\n255 0 0 façade\n");
  expect(readColours(file)).toEqual({ file, classes: 2, names: ["sky", "façade"], labels: new Map([[0, 0], [0xff0000, 1]]) }); // biome-ignore format: one line
});

test.each<[string, () => string, string]>([
  ["what is missing", () => join(root, "missing.txt"), "does not exist"],
  ["a folder", () => root, "is a folder, expected a file"],
  ["a large file", () => write("large", new Uint8Array(2 ** 20 + 1)), "has 1048577 bytes, expected at most 1048576"],
  ["UTF-16", () => write("utf16.txt", Buffer.from("\uFEFF0 0 0\n255 0 0\n", "utf16le")), "is not text in UTF-8"],
  ["a picture", () => write("a.png", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe)), "is not text in UTF-8"],
  ["colours that contradict each other", () => write("twice.txt", "0 0 0\n0 0 0"), "names #000000 twice"],
])("refuses %s", (_, file, why) => {
  const path = file();
  expect(() => readColours(path)).toThrow(LovaszError);
  expect(() => readColours(path)).toThrow(`${path} ${why}`);
  expect(() => readColours(path)).toThrow(/; see lovasz inspect --help for the format of --colours$/);
});

test.skipIf(process.platform === "win32")("refuses a pipe without waiting for it, and what never ends", () => {
  mkdirSync(join(root, "pipes"));
  execFileSync("mkfifo", [join(root, "pipes", "one")]);
  for (const file of [join(root, "pipes", "one"), "/dev/zero"]) expect(() => readColours(file)).toThrow(`${file} is not a regular file`);
});
