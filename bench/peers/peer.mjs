// Programs we are compared with: each runs beside this process and times itself, one call whenever it is asked.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** PyTorch on one thread, or null where Python cannot import it. `logits`: [classes, pixels]; one class means the hinge. */
export function torch(logits, labels) {
  const sizes = Uint32Array.of(logits.length / labels.length, labels.length);
  return torchPeer("torch_losses.py", [sizes, logits, labels]);
}

/** The training step of bench/training.mjs in PyTorch on one thread, or null; `input` as torch_training.py reads it. */
export const torchTraining = (input) => torchPeer("torch_training.py", input);

/** The operators of bench/operators.mjs in PyTorch on one thread, on a tensor of `shape`, or null; a call says which one. */
export const torchOperators = (shape) => torchPeer("torch_operators.py", [], shape.map(String));

function torchPeer(script, input, args = []) {
  const python = ["python3", "/usr/bin/python3"].find((name) => spawnSync(name, ["-c", "import torch"]).status === 0);
  return python ? peer(python, [here(script), ...args], input) : null;
}

let program;

/** The hinge in C++ for this very processor, or null where there is no g++. */
export function native(logits, labels) {
  program ??= compiled("hinge.cpp");
  return program && peer(program, [], [Uint32Array.of(labels.length), logits, labels]);
}

function compiled(source) {
  const folder = mkdtempSync(join(tmpdir(), "lovasz-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const out = join(folder, "peer");
  return spawnSync("g++", ["-O3", "-march=native", "-std=c++17", here(source), "-o", out]).status === 0 ? out : null;
}

// { milliseconds, loss, memory, end }: a call of it, its result and the memory it took after one, and the end of the process
function peer(command, args, input) {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  for (const chunk of input) child.stdin.write(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  const lines = createInterface(child.stdout);
  const result = {
    loss: Number.NaN,
    memory: Number.NaN,
    async milliseconds(request = "") {
      child.stdin.write(`${request}\n`);
      const [line] = await once(lines, "line");
      const [time, loss, memory] = line.split(" ").map(Number);
      Object.assign(result, { loss, memory });
      return time;
    },
    end: () => child.stdin.end(),
  };
  return result;
}
