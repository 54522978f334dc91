import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeWhole } from "../../src/cli/writeWhole.js";
import { temporaryFolder } from "./helpers/files.js";

const root = temporaryFolder();

test("writes a file, over what was there", () => {
  const file = join(root, "a.txt");
  writeWhole(file, "one");
  writeWhole(file, Buffer.from("two"));
  expect(readFileSync(file, "utf8")).toBe("two");
  expect(readdirSync(root)).toEqual(["a.txt"]);
});

test("leaves nothing where it fails, and says what to do", () => {
  mkdirSync(join(root, "folder"));
  for (const [file, why] of [
    [join(root, "none", "a.txt"), "its folder does not exist"],
    [join(root, "a.txt", "b.txt"), "its folder is a file"],
    [join(root, "folder"), "it is a folder"],
  ]) {
    for (const cure of [undefined, "choose another folder"]) {
      const error = expect.objectContaining({
        code: "data",
        message: `${file} cannot be written to: ${why}; ${cure ?? "choose another file"}`,
      });
      expect(() => writeWhole(file, "one", cure)).toThrow(error);
    }
  }
  expect(readdirSync(root).sort()).toEqual(["a.txt", "folder"]);
});
