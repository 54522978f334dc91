import { describe, expect, test } from "vitest";
import { defaultLosses, TERMS } from "../../../src/cli/model/losses.js";
import { call } from "../helpers/call.js";

describe("the help of lovasz train", () => {
  test("names every option of the interface, every loss, and the exit codes", async () => {
    const { out } = await call("train", "--help");
    const text = out.replaceAll(/\s+/g, " ");
    for (const option of ["data", "val", "loss", "epochs", "seed", "out", "device", "quiet", "classes", "example"]) {
      expect(text).toContain(`--${option} `);
    }
    for (const terms of [TERMS.binary, TERMS.multiclass, defaultLosses(null), defaultLosses(3)]) expect(text).toContain(terms);
    for (const exit of ["0: done", "1: the work failed", "2: the call is wrong", "130: Ctrl-C"]) expect(text).toContain(exit);
  });
});

describe("lovasz train refuses", () => {
  test.each<[string[], RegExp]>([
    [[], /needs --data <dir>, or --example/],
    [["--val", "x"], /needs --data <dir>, or --example/],
    [
      ["--example", "--data", "x"],
      /--example brings its own data; leave out --data, --val, --ignore, --threshold, --classes, --mask-suffix and --colours/,
    ],
    [["--example", "--classes", "3"], /--example brings its own data/],
    [["--data", "x", "--device", "tpu"], /--device .*tpu.* choices are wasm, threads, gpu, auto/i],
    [["--data", "x", "--loss", "dice,dice"], /--loss names dice twice/],
    [["--data", "x", "--out", ""], /It is empty: pass a path/],
  ])("%j, before it looks at any file", async (args, line) => {
    const { code, out, err } = await call("train", ...args);
    expect(err).toMatch(line);
    expect({ code, out }).toEqual({ code: 2, out: "" });
  });
});
