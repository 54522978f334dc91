// Programs we are compared with: each runs beside this process and times itself, one call whenever it is asked.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

const python = lazily(() => ["python3", "/usr/bin/python3"].find((name) => spawnSync(name, ["-c", "import torch"]).status === 0));
const version = lazily(() => spawnSync(python(), ["-c", "import torch; print(torch.__version__)"]).stdout.toString().trim());

/** For a table's head: the PyTorch that it compares with, and `threads`, in words; or that there is none. */
export function aboutTorch(threads = "one thread each") {
  if (!python()) return "PyTorch: left out, as python3 cannot import torch; pip install torch==2.13.0 in a virtual environment on the PATH";
  return `PyTorch ${version()}, ${threads}`;
}

/** The losses in PyTorch on one thread, or null where Python cannot import it. `logits`: [classes, pixels]; one class means the hinge. */
export function torch(logits, labels) {
  const sizes = Uint32Array.of(logits.length / labels.length, labels.length);
  return torchPeer("torch_losses.py", [sizes, logits, labels]);
}

/** The training of bench/training.mjs in PyTorch, or null; `task`: a line of task.mjs; a call says "step", "inference" or "small". */
export const torchTraining = (task, threads) =>
  torchPeer("torch_training.py", [Buffer.from(`${task}\n`)], [String(threads)], threads === 1);

/** The same by the package in `folder`, in a process of its own. */
export const lovaszTraining = (task, threads, folder) =>
  peer(process.execPath, [here("lovasz_child.mjs"), folder, String(threads)], [Buffer.from(`${task}\n`)], threads === 1);

/** The operators of bench/operators.mjs in PyTorch on one thread, on a tensor of `shape`, or null; a call says which one. */
export const torchOperators = (shape) => torchPeer("torch_operators.py", [], shape.map(String));

function torchPeer(script, input, args = [], isPinned = false) {
  return python() ? peer(python(), [here(script), ...args], input, isPinned) : null;
}

const program = lazily(() => compiled("hinge.cpp"));

/** The hinge in C++ for this very processor, or null where there is no g++. */
export function native(logits, labels) {
  return program() && peer(program(), [], [Uint32Array.of(labels.length), logits, labels]);
}

function compiled(source) {
  const folder = mkdtempSync(join(tmpdir(), "lovasz-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const out = join(folder, "peer");
  return spawnSync("g++", ["-O3", "-march=native", "-std=c++17", here(source), "-o", out]).status === 0 ? out : null;
}

// A virtual core that has slept for a tenth of a second is slow for as long. Contenders of one thread take turns on the same core, which is
// never idle: their ratios spread by 3 % instead of 10 %.
const pinning = lazily(() => (spawnSync("taskset", ["-c", "0", "true"]).status === 0 ? ["taskset", "-c", "0"] : []));

/** For a table's head: where contenders of one thread run. */
export const aboutCores = () =>
  pinning().length > 0
    ? "contenders of one thread take turns on one core"
    : "contenders of one thread run on whichever core is free: there is no taskset, which would keep them on one, and ratios spread more";

// { milliseconds, result, memory, pid, end }: a call of it, its result and, of ours, the memory of the core after it, and the end of the process
function peer(command, args, input, isPinned = false) {
  const [first, ...rest] = [...(isPinned ? pinning() : []), command, ...args];
  const child = spawn(first, rest, { stdio: ["pipe", "pipe", "inherit"] });
  for (const chunk of input) child.stdin.write(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  const lines = createInterface(child.stdout);
  const gone = once(child, "exit").then(([code]) => Promise.reject(new Error(`${command} ${args.join(" ")} ended with code ${code}`)));
  gone.catch(() => {});
  const answers = {
    result: Number.NaN,
    memory: Number.NaN,
    pid: child.pid,
    async milliseconds(request = "") {
      child.stdin.write(`${request}\n`);
      const [line] = await Promise.race([once(lines, "line"), gone]);
      const [time, result, memory] = line.split(" ").map(Number);
      Object.assign(answers, { result, memory });
      return time;
    },
    end: () => child.stdin.end(),
  };
  return answers;
}

function lazily(make) {
  let made;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
