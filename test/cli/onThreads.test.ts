import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { onThreads } from "../../src/cli/onThreads.js";
import { threads } from "../../src/index.js";
import { call } from "./helpers/call.js";
import { temporaryFolder, writeDiscs } from "./helpers/files.js";

// from the source no worker can be started, as its script is built
const WITHOUT_WORKERS = /worker/;

describe("onThreads", () => {
  test("without a count goes on alone where no worker can be started", async () => {
    expect(await onThreads(undefined, () => Promise.resolve(threads()))).toBe(1);
  });

  test("refuses a count that cannot be had, before the work", async () => {
    let begun = false;
    const work = async () => {
      begun = true;
    };
    await expect(onThreads(2, work)).rejects.toThrow(WITHOUT_WORKERS);
    expect(begun).toBe(false);
  });
});

test.each([
  ["train", "--data", "d"],
  ["predict", "--model", "m", "--data", "d", "--out", "o"],
  ["eval", "--model", "m", "--data", "d"],
])("lovasz %s takes --threads, a whole number from 1 to 32", async (...args) => {
  expect((await call(args[0], "--help")).out).toContain("--threads <n>");
  for (const count of ["0", "33", "1.5", "all"]) {
    const { code, err } = await call(...args, "--threads", count);
    expect(err).toContain(`'${count}' is invalid. Pass a whole number from 1 to 32.`);
    expect(code).toBe(2);
  }
});

const program = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

// pictures large enough for their work to be shared
test.runIf(existsSync(program))("the built program trains, predicts and scores on two threads, each time with the same bits", () => {
  const root = temporaryFolder();
  const data = writeDiscs(join(root, "data"), { count: 5, width: 96, height: 96 });
  const lovasz = (...args: string[]) => {
    const { status, stderr, stdout } = spawnSync(process.execPath, [program, ...args, "--threads", "2"], { cwd: root, encoding: "utf8" });
    expect(stderr).toBe("");
    expect(status).toBe(0);
    return stdout;
  };
  const models = ["a", "b"].map((out) => {
    lovasz("train", "--data", data, "--loss", "bce", "--epochs", "2", "--out", out);
    expect(JSON.parse(readFileSync(join(root, out, "metrics.json"), "utf8")).config.threads).toBe(2);
    return readFileSync(join(root, out, "bce.safetensors"));
  });
  expect(models[0].equals(models[1])).toBe(true);
  const masks = ["1", "2"].map((out) => {
    lovasz("predict", "--model", "a/bce.safetensors", "--data", data, "--out", out);
    return readFileSync(join(root, out, "disc-0.png"));
  });
  expect(masks[0].equals(masks[1])).toBe(true);
  expect(JSON.parse(lovasz("eval", "--model", "a/bce.safetensors", "--data", data, "--json"))).toHaveProperty("iou");
});
