import { describe, expect, test } from "vitest";
import { defaultLosses, TERMS } from "../../../src/cli/model/losses.js";
import { call } from "../helpers/call.js";

describe("the help of lovasz train", () => {
  test("names every option of the interface, every loss, and the exit codes", async () => {
    const { out } = await call("train", "--help");
    const text = out.replaceAll(/\s+/g, " ");
    const options = [
      ...["data", "val", "loss", "epochs", "seed", "out", "device", "quiet", "classes", "example", "network", "width", "levels", "norm"],
      ...["augment", "optimizer", "lr", "schedule", "clip", "ema", "seeds", "loss-warmup", "class-weights", "patience", "threads", "batch"],
      ...["resume", "from", "ignore", "threshold", "mask-suffix", "colours"],
    ];
    for (const option of options) expect(text).toContain(`--${option} `);
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
    [["--data", "x", "--network", "resnet"], /--network .*resnet.* choices are unet, fast-scnn/i],
    [["--data", "x", "--network", "fast-scnn", "--norm", "group"], /--norm is for --network unet/],
    [["--data", "x", "--loss-warmup", "10"], /--loss-warmup 10 leaves none of 10 epochs/],
    [["--data", "x", "--class-weights", "1,2,3"], /--class-weights has 3 numbers, expected 2/],
    [["--data", "x", "--ema", "1"], /Pass a number from 0 to less than 1/],
    [["--resume", "x", "--data", "y"], /--resume goes on with the options that the run was begun with; leave out --data/],
  ])("%j, before it looks at any file", async (args, line) => {
    const { code, out, err } = await call("train", ...args);
    expect(err).toMatch(line);
    expect({ code, out }).toEqual({ code: 2, out: "" });
  });
});
