import { describe, expect, test } from "vitest";
import { version } from "../../src/cli/version.js";
import { call } from "./helpers/call.js";

describe("a wrong call exits 2, with one line that says what to change", () => {
  test.each<[string[], RegExp]>([
    [[], /^lovasz: no command given; use lovasz inspect or lovasz train or lovasz eval.*--help$/],
    [["trian"], /^lovasz: unknown command 'trian' \(Did you mean train\?\)$/],
    [["--verbose"], /^lovasz: unknown option '--verbose'/],
    [["train"], /^lovasz: lovasz train needs --data <dir>, or --example$/],
    [["train", "photos"], /^lovasz: too many arguments for 'train'/],
    [["train", "--dta", "x"], /^lovasz: unknown option '--dta' \(Did you mean --data\?\)$/],
    [["train", "--data"], /^lovasz: option '--data <dir>' argument missing; see lovasz --help$/],
    [["train", "--data", ""], /^lovasz: .*It is empty: pass a path\.$/],
    [
      ["train", "--data", "x", "--epochs", "0"],
      /^lovasz: option '--epochs <n>' argument '0' is invalid. Pass a whole number from 1 to 100000.$/,
    ],
    [["train", "--data", "x", "--seed", "-1"], /^lovasz: .* Pass a whole number from 0 to 2147483647.$/],
    [["train", "--data", "x", "--lr", "fast"], /^lovasz: .* Pass a number above 0, at most 1.$/],
    [["train", "--data", "x", "--classes", "1"], /^lovasz: .* Pass a whole number from 2 to 255.$/],
    [["inspect"], /^lovasz: required option '--data <dir>' not specified; see lovasz --help$/],
    [["inspect", "--data", "x", "--threshold", "0"], /^lovasz: .* Pass a whole number from 1 to 65535.$/],
    [["eval", "--data", "x"], /^lovasz: required option '--model <file>' not specified; see lovasz --help$/],
    [["predict", "--model", "x", "--data", "x", "--out", "y", "--cutoff", "1"], /^lovasz: .* Pass a number between 0 and 1.$/],
    [["eval", "--model", "x"], /^lovasz: required option '--data <dir>' not specified; see lovasz --help$/],
  ])("%j", async (args, line) => {
    const { code, out, err } = await call(...args);
    expect(err.trimEnd()).toMatch(line);
    expect(err).toMatch(/^[^\n]+\n$/);
    expect(out).toBe("");
    expect(code).toBe(2);
  });
});

const helps = [
  ["--help"],
  ["-h"],
  ["help"],
  ["train", "--help"],
  ["help", "eval"],
  ["predict", "--help"],
  ["paint", "--help"],
  ["sketch", "--help"],
];

test.each([...helps, ...["count", "merge", "weigh", "apply"].map((name) => ["sketch", name, "--help"])])(
  "help goes to standard output: %s %s %s",
  async (...args) => {
    const { code, out, err } = await call(...args.filter(Boolean));
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^Usage: lovasz/);
    // the lines fit a terminal
    for (const line of out.split("\n")) expect(line.length, line).toBeLessThanOrEqual(140);
  },
);

test("the version is the package's", async () => {
  expect(await call("--version")).toEqual({ code: 0, out: `${version}\n`, err: "" });
});

test("failed work exits 1, and the line stays one whatever a name has in it", async () => {
  const { code, out, err } = await call("train", "--data", "no\nsuch\u001b[2Jfolder");
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toBe(
    "lovasz: no such [2Jfolder/images does not exist; no such [2Jfolder needs images/ and masks/ with files of the same names\n",
  );
});
