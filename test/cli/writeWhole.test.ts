import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeWhole } from "../../src/cli/writeWhole.js";
import { LovaszError } from "../../src/index.js";
import { temporaryFolder } from "./helpers/files.js";

const root = temporaryFolder();

test("writes a file, over what was there", async () => {
  const file = join(root, "a.txt");
  await writeWhole(file, "one");
  await writeWhole(file, Buffer.from("two"));
  expect(readFileSync(file, "utf8")).toBe("two");
  expect(readdirSync(root)).toEqual(["a.txt"]);
});

test("leaves nothing where it fails, and says what to do", async () => {
  mkdirSync(join(root, "folder"));
  for (const [file, why] of [
    [join(root, "none", "a.txt"), "its folder does not exist"],
    [join(root, "a.txt", "b.txt"), "its folder is a file"],
    [join(root, "folder"), "it is a folder"],
  ]) {
    const error: unknown = await writeWhole(file, "one").catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(LovaszError);
    expect((error as Error).message).toBe(`${file} cannot be written to: ${why}; choose another file`);
  }
  expect(readdirSync(root).sort()).toEqual(["a.txt", "folder"]);
});
