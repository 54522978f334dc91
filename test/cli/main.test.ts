// The built program in a process of its own: what only a process has, signals and pipes.
import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { snapshot, temporaryFolder, writeDiscs } from "./helpers/files.js";

const program = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const built = existsSync(program);
if (!built) console.warn("skipped: dist/cli.js is missing; npm run build makes it");

const root = temporaryFolder();
const data = writeDiscs(join(root, "data"), { count: 5 });
let child: ChildProcess;
let err = "";
/** Exit code and signal, in the end. */
let ended: Promise<unknown[]>;
let count = 0;

/** Starts the program; `seen` resolves when it has printed that training begins. */
function start(args: string[], stdio: StdioOptions = ["ignore", "pipe", "pipe"]): { out: string; seen: Promise<unknown> } {
  const out = join(root, `out-${count++}`);
  child = spawn(process.execPath, [program, ...args, "--out", out], { stdio });
  err = "";
  ended = once(child, "close");
  child.stderr?.on("data", (text) => {
    err += text;
  });
  return { out, seen: child.stdout ? once(child.stdout, "data") : Promise.resolve() };
}
afterEach(() => {
  if (child.exitCode === null) child.kill("SIGKILL");
});

describe.skipIf(!built || process.platform === "win32")("the program", () => {
  const endless = ["train", "--data", data, "--epochs", "100000", "--width", "1", "--loss", "bce"];

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("leaves the best model so far at %s", async (signal, code) => {
    // biome-ignore format: one line
    const { out, seen } = start(endless);
    await seen;
    await wait(200);
    child.kill(signal);
    expect(await ended).toEqual([code, null]);
    expect(err).toBe("lovasz: interrupted; these are the best models so far\n");
    expect(Object.keys(snapshot(out)).sort()).toEqual(["bce.safetensors", "metrics.json", "report.html"]);
    expect(JSON.parse(readFileSync(join(out, "metrics.json"), "utf8")).interrupted).toBe(true);
  });

  test("quits at a second Ctrl-C, and leaves nothing", async () => {
    // enough to validate with that the end would take long
    const val = join(root, "val");
    const large = writeDiscs(join(root, "large"), { count: 1, width: 240, height: 240 });
    for (const folder of ["images", "masks"]) {
      mkdirSync(join(val, folder), { recursive: true });
      for (let i = 0; i < 40; i++) symlinkSync(join(large, folder, "disc-0.png"), join(val, folder, `${i}.png`));
    }
    const before = snapshot(root);
    const { seen } = start(["train", "--data", data, "--val", val, "--width", "16"]);
    await seen;
    for (let i = 0; i < 2; i++) {
      child.kill("SIGINT");
      await wait(200);
    }
    expect(await ended).toEqual([130, null]);
    expect(err).toBe("");
    expect(snapshot(root)).toEqual(before);
  });

  test("trains on when nobody reads what it prints", async () => {
    const { out } = start(["train", "--data", data, "--epochs", "1", "--width", "1"]);
    child.stdout!.destroy();
    expect(await ended).toEqual([0, null]);
    expect(err).toBe("");
    expect(existsSync(join(out, "metrics.json"))).toBe(true);
  });

  test.skipIf(!existsSync("/dev/full"))("fails in one line when what it prints cannot be kept", async () => {
    const full = openSync("/dev/full", "w");
    start(["train", "--data", data, "--epochs", "1", "--width", "1"], ["ignore", full, "pipe"]);
    closeSync(full);
    expect(await ended).toEqual([1, null]);
    expect(err).toMatch(/^lovasz: standard output cannot be written to: .*ENOSPC[^\n]*\n$/);
  });

  test("exits 2 for a wrong call", async () => {
    start(["train", "--epochs", "many"]);
    expect(await ended).toEqual([2, null]);
    expect(err).toMatch(/^lovasz: [^\n]*whole number[^\n]*\n$/);
  });
});
