// A folder scored in parts on a queue, while workers are killed and Redis is restarted, has the score of one process. Needs redis-server and
// `npm run build`. LOVASZ_ROUNDS=50 LOVASZ_PARTS=64 runs it so often, with so many parts.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nn } from "../../src/index.js";
import { saveNetwork } from "../../src/model/saveNetwork.js";
import { uniform } from "../../src/random.js";
import { temporaryFolder, writeDiscs } from "../cli/helpers/files.js";
import { hasTool } from "../helpers/tool.js";

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const present = hasTool("redis-server", ["--version"], "apt install redis-server");
const { LOVASZ_ROUNDS: rounds = "1", LOVASZ_PARTS: parts = "8", LOVASZ_WORKERS: workers = "3" } = process.env;

describe.skipIf(!present)("examples/queue", { timeout: 120_000 * Number(rounds) }, () => {
  const folder = temporaryFolder();
  const data = writeDiscs(join(folder, "pictures"), { count: Number(parts) + 3 });
  const model = join(folder, "model.safetensors");
  const next = uniform(Date.now() % 1e6);
  const running = new Set<ChildProcess>();
  let env: NodeJS.ProcessEnv;
  let redis: ChildProcess;

  const start = (program: string, args: string[]) => {
    const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "ignore"] });
    running.add(child);
    child.on("exit", () => running.delete(child));
    return child;
  };
  const ended = (child: ChildProcess) => new Promise<void>((resolve) => (child.exitCode ?? child.signalCode) === null ? child.on("exit", () => resolve()) : resolve()); // biome-ignore format: one line
  const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const startRedis = (port: number) =>
    start("redis-server", ["--port", String(port), "--dir", folder, "--appendonly", "yes", "--save", "", "--bind", "127.0.0.1"]);
  const startWorker = () => start(process.execPath, [path("examples/queue/worker.mjs")]);

  beforeAll(async () => {
    const network = new nn.UNet({ inChannels: 3, outChannels: 1, width: 2, seed: 1 });
    writeFileSync(model, saveNetwork({ network, ignore: null, threshold: null }));
    network.dispose();
    const port = await freePort();
    env = { ...process.env, REDIS_URL: `redis://127.0.0.1:${port}` };
    redis = startRedis(port);
  });

  afterAll(async () => {
    for (const child of running) child.kill("SIGKILL");
    await Promise.all([...running].map(ended));
  });

  test("scores as one process does, to the bit, whatever dies", async () => {
    const cli = (args: string[]) => execFileSync(process.execPath, [path("dist/cli.js"), ...args], { encoding: "utf8" });
    cli(["sketch", "count", "--model", model, "--data", data, "--threads", "1", "--out", join(folder, "one.part")]);
    const { parts: one, ...expected } = JSON.parse(cli(["eval", "--json", "--parts", join(folder, "one.part")]));
    expect(one).toBe(1);
    let team = Array.from({ length: Number(workers) }, startWorker);
    for (let round = 0; round < Number(rounds); round++) {
      const producer = start(process.execPath, [
        path("examples/queue/evaluate.mjs"),
        "--model",
        model,
        "--data",
        data,
        "--parts",
        parts,
        "--json",
      ]);
      let out = "";
      producer.stdout?.on("data", (text) => (out += text));
      await wait(500 + 2000 * next());
      const unlucky = Math.floor(team.length * next());
      team[unlucky].kill("SIGKILL");
      team = team.with(unlucky, startWorker());
      await wait(1000 * next());
      redis.kill("SIGTERM");
      await ended(redis);
      redis = startRedis(Number(new URL(env.REDIS_URL as string).port));
      await ended(producer);
      expect(JSON.parse(out), `round ${round}`).toEqual({ ...expected, parts: Number(parts) });
      if (Number(rounds) > 1) console.log(`round ${round + 1} of ${rounds}: the same`);
    }
    for (const worker of team) worker.kill("SIGTERM");
    await Promise.all(team.map(ended));
  });

  test("says why a part failed for good", async () => {
    const evaluate = (...args: string[]) =>
      execFileSync(process.execPath, [path("examples/queue/evaluate.mjs"), ...args], { env, encoding: "utf8", stdio: "pipe" });
    const worker = startWorker();
    expect(() => evaluate("--parts", "2", "--model", join(folder, "none"), "--data", data)).toThrow(
      /part \d\/2 failed: lovasz: .*none does not exist/,
    );
    expect(() => evaluate("--parts", "0")).toThrow(/usage: evaluate\.mjs --model FILE --data DIR/);
    worker.kill("SIGTERM");
    await ended(worker);
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
