import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseColours } from "../../../src/cli/data/colours.js";
import { truthFolder } from "../../../src/cli/data/truthFolder.js";
import { temporaryFolder } from "../helpers/files.js";

const data = temporaryFolder();
const colours = { file: "c", ...parseColours("0 0 0\n1 1 1") };

test("masks lie in masks/, class numbers in classes/, and colours in classes/ where there is one", () => {
  expect(truthFolder(data, { classes: null })).toBe(join(data, "masks"));
  expect(truthFolder(data, { classes: 2 })).toBe(join(data, "classes"));
  expect(truthFolder(data, { classes: 2, colours })).toBe(join(data, "masks"));
  mkdirSync(join(data, "classes"));
  expect(truthFolder(data, { classes: 2, colours })).toBe(join(data, "classes"));
  expect(truthFolder(data, { classes: null })).toBe(join(data, "masks"));
});
