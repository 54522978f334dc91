import { describe, expect, test } from "vitest";
import { call } from "../helpers/call.js";

describe("the help of lovasz predict", () => {
  test("names every option, what is written, and the exit codes", async () => {
    const text = (await call("predict", "--help")).out.replaceAll(/\s+/g, " ");
    for (const option of ["model <file>", "data <dir>", "out <dir>", "overlay", "probabilities", "flips", "cutoff <x>"]) {
      expect(text).toContain(`--${option} `);
    }
    for (const name of ["<stem>.png", "<stem>.overlay.png", "<stem>.probability.png"]) expect(text).toContain(name);
    expect(text).toContain("65535 times the probability of foreground, or of the class in the mask");
    for (const exit of ["0: done", "1: the work failed", "2: the call is wrong", "130: Ctrl-C"]) expect(text).toContain(exit);
  });
});

describe("lovasz predict refuses", () => {
  const whole = ["--model", "m", "--data", "d", "--out", "o"];
  test.each<[string[], RegExp]>([
    [[], /required option '--model <file>' not specified/],
    [["--model", "m", "--data", "d"], /required option '--out <dir>' not specified/],
    [["--model", "m", "--out", "o"], /required option '--data <dir>' not specified/],
    [["--model", "m", "--data", "d", "--out", ""], /It is empty: pass a path/],
    ...["0", "1", "-0.5", "half", "", "NaN", "1e-400"].map((cutoff): [string[], RegExp] => {
      return [[...whole, "--cutoff", cutoff], /option '--cutoff <x>' argument '.*' is invalid. Pass a number between 0 and 1./];
    }),
  ])("%j, before it looks at any file", async (args, line) => {
    const { code, out, err } = await call("predict", ...args);
    expect(err).toMatch(line);
    expect({ code, out }).toEqual({ code: 2, out: "" });
  });
});
