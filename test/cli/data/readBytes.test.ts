import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readBytes } from "../../../src/cli/data/readBytes.js";
import { temporaryFolder } from "../helpers/files.js";

const folder = temporaryFolder();
const at = (name: string) => join(folder, name);

test("reads a file, through links too", async () => {
  writeFileSync(at("a"), "abc");
  symlinkSync(at("a"), at("link"));
  for (const name of ["a", "link"]) expect((await readBytes(at(name), 3)).toString()).toBe("abc");
});

test("says what is wrong with anything else", async () => {
  writeFileSync(at("long"), "abcd");
  mkdirSync(at("folder"));
  symlinkSync(at("nothing"), at("broken"));
  await expect(readBytes(at("long"), 3)).rejects.toThrow("has 4 bytes, expected at most 3");
  await expect(readBytes(at("folder"), 3)).rejects.toThrow("is a folder");
  await expect(readBytes(at("none"), 3)).rejects.toThrow("does not exist");
  await expect(readBytes(at("broken"), 3)).rejects.toThrow("does not exist");
  await expect(readBytes(at("long/er"), 3)).rejects.toThrow("cannot be read (ENOTDIR)");
});

test.skipIf(process.platform === "win32")("does not wait for a pipe, nor read a device without end", async () => {
  execFileSync("mkfifo", [at("pipe")]);
  for (const file of [at("pipe"), "/dev/zero"].filter(existsSync))
    await expect(readBytes(file, 3)).rejects.toThrow("is not a regular file");
});
