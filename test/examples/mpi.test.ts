// Training on several processes ends with the weights of one process, also when one of them is killed. Needs MPICH and `npm run build`.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../cli/helpers/files.js";
import { hasTool } from "../helpers/tool.js";

const train = fileURLToPath(new URL("../../examples/mpi/train.mjs", import.meta.url));
const present = hasTool("mpiexec", ["-n", "2", "true"], "apt install mpich");
const STEPS = 12;
// so many that a rank is killed before they are done, however fast the machine is
const MANY_STEPS = 200;

// once more where the MPI of the machine crashes as it starts, which is rare; other weights are the same ones again
describe.skipIf(!present)("examples/mpi", { timeout: 240_000, retry: 1 }, () => {
  const folder = temporaryFolder();
  const at = (name: string) => join(folder, name);
  const args = (ranks: number, name: string, ...more: string[]) => [
    ...["-n", String(ranks), process.execPath, train, "--width", "2", "--batch", "5", "--steps", String(STEPS)],
    ...["--every", "2", "--checkpoint", at(name), ...more],
  ];
  const run = (...call: Parameters<typeof args>) => execFileSync("mpiexec", args(...call), { encoding: "utf8" });
  let expected: Buffer;

  beforeAll(() => {
    run(1, "one");
    expected = readFileSync(at("one"));
  }, 120_000);

  test("trains the weights of one process on two and on three, to the bit, and says what the mean of the ranks' losses is instead", () => {
    for (const ranks of [2, 3]) {
      const out = run(ranks, `${ranks}`);
      const [, whole, mean] = /Lovász hinge of the batch: ([\d.]+); mean of the \d ranks' own: ([\d.]+)/.exec(out) ?? [];
      expect(Math.abs(Number(whole) - Number(mean))).toBeGreaterThan(1e-4);
      expect(readFileSync(at(`${ranks}`))).toEqual(expected);
    }
  });

  test("ends where a rank is killed, and goes on from the checkpoint with another number of ranks", async () => {
    const many = ["--steps", String(MANY_STEPS)];
    run(1, "whole", ...many);
    const whole = readFileSync(at("whole"));
    rmSync(at("killed"), { force: true });
    const child = spawn("mpiexec", args(2, "killed", ...many), { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
    const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
    // known before the first checkpoint, after which there is little time
    let ranks: number[] = [];
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    for (; ranks.length < 2; await turn()) ranks = ranksOf(at("killed"));
    while (!existsSync(at("killed"))) await turn();
    process.kill(ranks[1], "SIGKILL");
    expect(await ended).not.toBe(0);
    expect(said).toMatch(/BAD TERMINATION|KILLED BY SIGNAL: 9|Killed/);
    expect(readFileSync(at("killed"))).not.toEqual(whole);
    run(3, "killed", "--resume", ...many);
    expect(readFileSync(at("killed"))).toEqual(whole);
  });

  test("an error of one rank ends all, and says which", () => {
    const call = () => execFileSync("mpiexec", args(2, "none/none"), { encoding: "utf8", stdio: "pipe" });
    expect(call).toThrow(/rank 0: ENOENT/);
  });
});

// the processes of the ranks, not mpiexec and its proxy, which have the path in their arguments, too
function ranksOf(checkpoint: string): number[] {
  const lines = execFileSync("ps", ["-eo", "pid,args"], { encoding: "utf8" }).split("\n");
  return lines.flatMap((line) => {
    const [, pid, program] = /^\s*(\d+)\s+(\S+)/.exec(line) ?? [];
    return line.includes(checkpoint) && program === process.execPath ? [Number(pid)] : [];
  });
}
