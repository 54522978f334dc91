// The built program in a process of its own: what only a process has, signals and pipes.
import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { nn } from "../../src/index.js";
import { saveNetwork } from "../../src/model/saveNetwork.js";
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

/** Starts the program with a folder for its results; `seen` resolves when it has printed that training begins. */
function start(args: string[], options: SpawnOptions = {}): { out: string; seen: Promise<unknown> } {
  const out = join(root, `out-${count++}`);
  return { out, seen: launch(process.execPath, [program, ...args, "--out", out], options) };
}

/** Starts anything; resolves when it has printed something. */
function launch(
  command: string,
  args: string[],
  { env = {}, stdio = ["ignore", "pipe", "pipe"], ...options }: SpawnOptions,
): Promise<unknown> {
  // the tests may have been started with nohup
  child = spawn(command, args, { ...options, stdio, env: { ...process.env, _: "", ...env } });
  err = "";
  ended = once(child, "close");
  child.stderr?.on("data", (text) => {
    err += text;
  });
  return child.stdout ? once(child.stdout, "data") : Promise.resolve();
}
afterEach(() => {
  if (child?.exitCode === null) child.kill("SIGKILL");
});

const RESULTS = ["bce.safetensors", "metrics.json", "report.html"];
/** The files in `folder` but those that a run needs to go on. */
const resultsIn = (folder: string) =>
  Object.keys(snapshot(folder))
    .filter((name) => !name.startsWith("checkpoint"))
    .sort();
const isInterrupted = (folder: string) => JSON.parse(readFileSync(join(folder, "metrics.json"), "utf8")).interrupted;

/** Resolves to the contents of `file` once there are any. */
async function contents(file: string): Promise<string> {
  for (;;) {
    const text = existsSync(file) ? readFileSync(file, "utf8") : "";
    if (text) return text;
    await wait(50);
  }
}

describe.skipIf(!built || process.platform === "win32")("the program", () => {
  const endless = ["train", "--data", data, "--epochs", "100000", "--width", "1", "--loss", "bce"];

  test.each([
    ["SIGHUP", 129],
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
    expect(resultsIn(out)).toEqual(RESULTS);
    expect(isInterrupted(out)).toBe(true);
  });

  test("trains on at SIGHUP where nohup started it", async () => {
    const { out, seen } = start(endless, { env: { _: "/usr/bin/nohup" } });
    await seen;
    child.kill("SIGHUP");
    await wait(300);
    expect(child.exitCode).toBeNull();
    child.kill("SIGTERM");
    expect(await ended).toEqual([143, null]);
    expect(resultsIn(out)).toEqual(RESULTS);
  });

  // script of util-linux gives a command a terminal, which is closed when script is killed
  describe.skipIf(!/util-linux/.test(spawnSync("script", ["--version"], { encoding: "utf8" }).stdout ?? ""))(
    "when its terminal is closed",
    () => {
      /** Runs the program in a shell that does `atHangup` at SIGHUP, and then writes the exit code down; resolves to that. */
      async function close(args: string[], atHangup: string): Promise<{ out: string; code: string }> {
        const [out, code] = [join(root, `out-${count++}`), join(root, `code-${count}`)];
        const line = [process.execPath, program, ...args, "--out", out].map((word) => `'${word}'`).join(" ");
        const shell = `${line} & trap "${atHangup}" HUP; wait $!; wait $!; echo $? > '${code}'`;
        await launch("script", ["--quiet", "--command", shell, "/dev/null"], {});
        await wait(500);
        child.kill("SIGKILL");
        return { out, code: await contents(code) };
      }

      test("leaves the best model so far", async () => {
        const { out, code } = await close(endless, "kill -HUP $!");
        expect(code).toBe("129\n");
        expect(resultsIn(out)).toEqual(RESULTS);
        expect(isInterrupted(out)).toBe(true);
      });

      test("trains on where no signal says so", async () => {
        const { out, code } = await close(["train", "--data", data, "--epochs", "300", "--width", "4", "--loss", "bce"], ":");
        expect(code).toBe("0\n");
        expect(isInterrupted(out)).toBe(false);
      });
    },
  );

  test("quits at a second Ctrl-C, and leaves nothing but what the run needs to go on", async () => {
    // enough to validate with that the end would take long
    const val = join(root, "val");
    const large = writeDiscs(join(root, "large"), { count: 1, width: 240, height: 240 });
    for (const folder of ["images", "masks"]) {
      mkdirSync(join(val, folder), { recursive: true });
      for (let i = 0; i < 40; i++) symlinkSync(join(large, folder, "disc-0.png"), join(val, folder, `${i}.png`));
    }
    const { out, seen } = start(["train", "--data", data, "--val", val, "--width", "16"]);
    await seen;
    for (let i = 0; i < 2; i++) {
      child.kill("SIGINT");
      await wait(200);
    }
    expect(await ended).toEqual([130, null]);
    expect(err).toBe("");
    expect(Object.keys(snapshot(out)).sort()).toEqual(["checkpoint", "checkpoint/lock", "checkpoint/run.json"]);
  });

  test("ends at Ctrl-C while it reads the pictures, before the first step, and can go on", async () => {
    const many = join(root, "many");
    const large = writeDiscs(join(root, "large-2"), { count: 1, width: 600, height: 600 });
    for (const folder of ["images", "masks"]) {
      mkdirSync(join(many, folder), { recursive: true });
      for (let i = 0; i < 60; i++) symlinkSync(join(large, folder, "disc-0.png"), join(many, folder, `${i}.png`));
    }
    const { out } = start(["train", "--data", many, "--width", "1"]);
    while (!existsSync(join(out, "checkpoint", "run.json"))) await wait(10);
    child.kill("SIGINT");
    expect(await ended).toEqual([130, null]);
    expect(err).toBe("lovasz: interrupted before the first step\n");
    expect(Object.keys(snapshot(out)).sort()).toEqual(["checkpoint", "checkpoint/run.json"]);
    const again = spawnSync(process.execPath, [program, "train", "--data", many, "--out", out], { encoding: "utf8" });
    expect(again.stderr).toMatch(/it holds a run that was stopped or is under way; lovasz train --resume goes on with it; choose another/);
  });

  test("a run that is killed at any moment goes on, and ends with the same models, byte for byte", async () => {
    const args = ["train", "--data", data, "--epochs", "8", "--width", "2", "--loss", "bce,lovasz-hinge", "--seeds", "2", "--threads", "1"];
    const models = (folder: string) => Object.entries(snapshot(folder)).filter(([name]) => /^[^/]*[.]safetensors$/.test(name));
    const whole = start(args).out;
    await ended;
    expect(models(whole)).toHaveLength(6);
    // the whole takes about two seconds
    const moments = [0, 400, 900, 150, 700, 250];
    const { out } = start(args);
    for (const moment of moments) {
      while (!existsSync(join(out, "checkpoint", "run.json"))) await wait(10);
      await wait(moment);
      child.kill("SIGKILL");
      await ended;
      launch(process.execPath, [program, "train", "--resume", out], {});
      if (!existsSync(join(out, "checkpoint"))) break;
    }
    expect((await ended)[0]).toBe(0);
    expect(models(out)).toEqual(models(whole));
    expect(existsSync(join(out, "checkpoint"))).toBe(false);
  });

  test("a run that is killed before any change of a file goes on, in the same folder, and leaves nothing else", () => {
    const preload = fileURLToPath(new URL("./helpers/killAt.mjs", import.meta.url));
    const args = ["--data", data, "--epochs", "2", "--width", "1", "--loss", "bce", "--threads", "1", "--quiet"];
    const run = (more: string[], env: Record<string, string> = {}) =>
      spawnSync(process.execPath, ["--import", preload, program, "train", ...more], { encoding: "utf8", env: { ...process.env, ...env } });
    const whole = join(root, `whole-${count++}`);
    const counted = join(root, "count");
    expect(run([...args, "--out", whole], { COUNT_TO: counted }).status).toBe(0);
    const changes = Number(readFileSync(counted, "utf8"));
    let tested = 0;
    // from the last change on, about every fourth
    for (let at = changes; at > 0; at -= Math.ceil(changes / 12)) {
      const out = join(root, `killed-${count++}`);
      expect(run([...args, "--out", out], { KILL_AT: String(at) }).signal, `change ${at}`).toBe("SIGKILL");
      // before that the run has not begun: its folder is only tried out
      if (![join("checkpoint", "run.json"), "metrics.json"].some((name) => existsSync(join(out, name)))) break;
      tested++;
      const resumed = run(["--resume", out]);
      expect([resumed.status, resumed.stderr], `change ${at}`).toEqual([0, ""]);
      expect(resultsIn(out), `change ${at}`).toEqual(RESULTS);
      expect(readFileSync(join(out, RESULTS[0]), "base64")).toBe(readFileSync(join(whole, RESULTS[0]), "base64"));
    }
    expect(tested).toBeGreaterThan(6);
  });

  test.each([1, 2])("predicts until Ctrl-C, which is pressed %i times, and leaves whole files only", async (times) => {
    const pictures = join(root, `pictures-${count}`);
    const large = writeDiscs(join(root, "large"), { count: 1, width: 600, height: 600 });
    mkdirSync(pictures);
    for (let i = 0; i < 100; i++) symlinkSync(join(large, "images", "disc-0.png"), join(pictures, `${100 + i}.png`));
    const model = join(root, "model.safetensors");
    writeFileSync(model, saveNetwork({ network: new nn.UNet({ width: 4, seed: 1 }) }));
    const { out } = start(["predict", "--model", model, "--data", pictures, "--overlay", "--probabilities"]);
    while (!existsSync(join(out, "101.png"))) await wait(20);
    for (let i = 0; i < times; i++) child.kill("SIGINT");
    expect(await ended).toEqual([130, null]);
    const found = resultsIn(out);
    const done = found.length / 3;
    const of = (i: number) => [".overlay.png", ".png", ".probability.png"].map((end) => `${100 + i}${end}`);
    expect(found).toEqual(Array.from({ length: done }, (_, i) => of(i)).flat());
    expect(done).toBeLessThan(100);
    if (times === 1) expect(err).toBe(`lovasz: interrupted; ${done} of 100 pictures are done, their masks are in ${out}\n`);
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
    start(["train", "--data", data, "--epochs", "1", "--width", "1"], { stdio: ["ignore", full, "pipe"] });
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

describe.skipIf(!built || process.platform === "win32")("the program in a working directory that is deleted", () => {
  const short = ["train", "--data", data, "--epochs", "1", "--width", "1", "--loss", "bce"];
  /** Starts the program in a folder that is deleted before. */
  const startNowhere = (...args: string[]) => {
    const folder = join(root, `nowhere-${count++}`);
    mkdirSync(folder);
    return launch("sh", ["-c", 'cd "$1" && rmdir "$1" && shift && exec "$@"', "sh", folder, process.execPath, program, ...args], {});
  };

  test.each([
    ["train --data x --out y", ["train", "--data", "x", "--out", "y"]],
    ["train --data <full path>", short],
    ["eval", ["eval", "--data", "x", "--model", "y"]],
    ["predict", ["predict", "--data", "x", "--model", "y", "--out", "z"]],
    ["fuzz", ["fuzz", "x.mjs", "--kind", "hinge"]],
  ])("says so for a call that needs it: %s", async (_, args) => {
    startNowhere(...args);
    expect(await ended).toEqual([2, null]);
    expect(err).toBe("lovasz: the working directory no longer exists; change to a folder that does\n");
  });

  test("works where paths are given in full", async () => {
    const out = join(root, `out-${count++}`);
    startNowhere(...short, "--out", out);
    expect(await ended).toEqual([0, null]);
    expect(err).toBe("");
    expect(resultsIn(out)).toEqual(RESULTS);
  });

  test.each([
    ["out", ["--out", "out"]],
    ["runs", []],
  ])("while it trains writes to where the folder was, %s", async (name, args) => {
    const cwd = join(root, `working-${count++}`);
    mkdirSync(cwd);
    await launch(process.execPath, [program, ...short, "--epochs", "100000", ...args], { cwd });
    let said = "";
    child.stdout!.on("data", (text) => {
      said += text;
    });
    rmSync(cwd, { recursive: true });
    child.kill("SIGINT");
    expect(await ended).toEqual([130, null]);
    const report = /^report: (.*)$/m.exec(said)?.[1] ?? "";
    expect(report.startsWith(join(cwd, name))).toBe(true);
    expect(existsSync(report)).toBe(true);
  });
});

describe.skipIf(!built)("the program with a loss that leaves something running", () => {
  const BUSY = `
    import { createServer } from "node:http";
    import { Worker } from "node:worker_threads";
    setInterval(() => {}, 1000);
    createServer().listen(0, "127.0.0.1");
    new Worker("setInterval(() => {}, 1000)", { eval: true });
    new Promise(() => {});
  `;
  const judge = (code: string) => {
    const path = join(root, `loss-${count++}.mjs`);
    writeFileSync(path, code);
    return launch(process.execPath, [program, "fuzz", path, "--kind", "hinge", "--runs", "2", "--seed", "1"], {});
  };

  test("ends with its exit code", async () => {
    judge(`${BUSY} export default (values) => ({ value: 0, grad: values.map(() => 0) });`);
    expect(await ended).toEqual([1, null]);
    expect(err).toMatch(/^lovasz: .* breaks \d+ of 14 laws of kind hinge; --seed 1 repeats the cases\n$/);
  });

  test.each([
    ["process.exit(0);", /^lovasz: the program was ended before its work was done; look for process.exit\(\) in the module\n$/],
    ["Promise.reject(new Error('nobody\\nhears'));", /^lovasz: unhandled rejection: nobody hears\n$/],
  ])("takes %s in the module for no answer", async (code, line) => {
    judge(`${code} export default (values) => ({ value: 0, grad: values.map(() => 0) });`);
    expect(await ended).toEqual([1, null]);
    expect(err).toMatch(line);
  });

  test("says all that it has to say to one who reads slowly", async () => {
    // 4 MB: no pipe takes that at once
    const lines = 40_000;
    judge(`${BUSY}
      let told = false;
      export default () => {
        for (let i = 0; i < ${lines} && !told; i++) process.stdout.write(\`\${i} \`.padEnd(99, ".") + "\\n");
        told = true;
        return { value: 0, grad: [] };
      };`);
    child.stdout!.pause();
    await wait(1000);
    expect(child.exitCode).toBeNull();
    let said = "";
    child.stdout!.on("data", (text) => {
      said += text;
    });
    child.stdout!.resume();
    expect(await ended).toEqual([1, null]);
    const [first, counterexample] = [said.slice(0, 100 * lines), said.slice(100 * lines)];
    expect(first.split("\n")).toHaveLength(lines + 1);
    expect(counterexample).toMatch(/^broken {2}answersNumbers/);
    expect(counterexample.trimEnd()).toMatch(/\}\);$/);
  });
});
