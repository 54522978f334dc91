import { mkdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { numbers, path, positiveNumber, probability, share, shareOrPath, wholeNumber } from "../../src/cli/arguments.js";
import { WrongCall } from "../../src/cli/exits.js";
import { GONE } from "../../src/cli/workingFolder.js";
import { temporaryFolder } from "./helpers/files.js";

describe("wholeNumber", () => {
  const read = wholeNumber(-2, 1000);

  test("reads every number of its range", () => {
    fc.assert(fc.property(fc.integer({ min: -2, max: 1000 }), (number) => read(String(number)) === number));
  });

  test.each(["", " ", "-3", "1001", "1.5", "1e2", "0x10", "NaN", "Infinity", "3 4", "--2"])("refuses %j", (text) => {
    expect(() => read(text)).toThrow("Pass a whole number from -2 to 1000.");
  });
});

describe("positiveNumber", () => {
  const read = positiveNumber(1);

  test.each([
    ["1", 1],
    ["0.002", 0.002],
    ["2e-3", 0.002],
    [".5", 0.5],
  ] as const)("reads %s", (text, number) => {
    // biome-ignore format: one line
    expect(read(text)).toBe(number);
  });

  test.each(["", " ", "0", "-1", "1.01", "NaN", "Infinity", "fast"])("refuses %j", (text) => {
    expect(() => read(text)).toThrow("Pass a number above 0, at most 1.");
  });
});

describe("numbers", () => {
  const read = numbers(10);

  test.each([
    ["1", [1]],
    ["0, 2.5 ,1e1", [0, 2.5, 10]],
  ] as const)("reads %s", (text, list) => {
    expect(read(text)).toEqual(list);
  });

  test.each(["", "1,", "1,,2", "-1", "1,11", "1;2", "NaN"])("refuses %j", (text) => {
    expect(() => read(text)).toThrow("Pass numbers from 0 up, at most 10, separated by commas.");
  });
});

describe("share", () => {
  test.each(["0", "0.9", ".999"])("reads %s", (text) => {
    expect(share(text)).toBe(Number(text));
  });

  test.each(["", "1", "-0.1", "NaN", "half"])("refuses %j", (text) => {
    expect(() => share(text)).toThrow("Pass a number from 0 to less than 1.");
  });
});

describe("probability", () => {
  test("reads what lies between 0 and 1", () => {
    expect(["0.5", ".05", "1e-9", "0.999"].map(probability)).toEqual([0.5, 0.05, 1e-9, 0.999]);
  });

  test.each(["", " ", "0", "1", "-0.1", "1.5", "NaN", "half", "1e-400"])("refuses %j", (text) => {
    expect(() => probability(text)).toThrow("Pass a number between 0 and 1.");
  });
});

describe("shareOrPath", () => {
  test("reads a number between 0 and 1 as a share, and other text as a path", () => {
    expect(["0.2", ".5", "1e-3", "0.999"].map(shareOrPath)).toEqual([0.2, 0.5, 1e-3, 0.999]);
    expect(["./0.2", "val", "a/20", "2019-val", "e", "..", "NaN"].map(shareOrPath)).toEqual(["./0.2", "val", "a/20", "2019-val", "e", "..", "NaN"]); // biome-ignore format: one line
    expect(() => shareOrPath("")).toThrow(/empty/);
  });

  test.each(["0", "1", "20", "-0.2", "1.5", "20%", "20 %", "0,2", "0.0", "1e-400", "1e3", "+2"])(
    "refuses %j where there is no such folder",
    (text) => {
      expect(() => shareOrPath(text)).toThrow(
        "There is no such folder, and a share lies between 0 and 1, such as 0.2 for a fifth of --data.",
      );
    },
  );

  test("takes a folder that is named like a number, but no share", () => {
    const root = temporaryFolder();
    for (const name of ["20", "0.2"]) mkdirSync(join(root, name));
    const here = process.cwd();
    process.chdir(root);
    try {
      expect(["20", "0.2", "./0.2"].map(shareOrPath)).toEqual(["20", 0.2, "./0.2"]);
    } finally {
      process.chdir(here);
    }
  });
});

describe("path", () => {
  test("refuses what a variable that was never set leaves", () => {
    expect(path("a b")).toBe("a b");
    for (const text of ["", "  "]) expect(() => path(text)).toThrow(/empty/);
  });

  test("refuses bytes that are not UTF-8, for which Node puts U+FFFD, unless there is such a file", () => {
    const folder = join(temporaryFolder(), "a\uFFFDb");
    expect(() => path(folder)).toThrow("It holds bytes that are not UTF-8: rename it, or pass a link with another name.");
    mkdirSync(folder);
    expect(path(folder)).toBe(folder);
  });

  test("refuses what starts from a working directory that was deleted", () => {
    vi.spyOn(process, "cwd").mockImplementation(() => {
      throw new Error("ENOENT: no such file or directory, uv_cwd");
    });
    expect(() => path("a")).toThrow(new WrongCall(GONE));
    expect(path("/a")).toBe("/a");
    vi.restoreAllMocks();
  });
});
