// How much memory a call of a loss or a training step takes beyond what was held before it. Of a loss: what the WebAssembly memory of a fresh
// core grows by, and, of PyTorch, the most that its process held at once. Of a step: the most that each process held at once.
import { readFileSync, writeFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { dist } from "./peers/baseline.mjs";
import { aboutTorch, lovaszTraining, torch, torchTraining } from "./peers/peer.mjs";
import { taskLine } from "./peers/task.mjs";
import { binaryLabels, classLabels, normals } from "./random.mjs";

export const title =
  "Memory of one call, loss and gradient, beyond its input and its result; of training steps, beyond what was held before them";
export const about = () => [
  aboutTorch(),
  `a step: the peak of ${STEPS} with Adam, less what the process held after a small one, which loads code`,
];

const STEPS = 2;

const UNETS = [
  { width: 8, size: [4, 256, 256] },
  { width: 16, size: [4, 128, 128] },
  { width: 32, size: [4, 128, 128] },
];

/** Rows: what is computed; of losses the megabytes and bytes a value of each; of steps the megabytes and how many times PyTorch's that is. */
export async function* run(parts) {
  if (parts.includes("losses")) yield* losses();
  if (parts.includes("training")) yield* steps();
}

async function* losses() {
  for (const power of [16, 18, 20, 22, 24]) {
    const n = 2 ** power;
    yield await row(`hinge 2^${power}`, { loss: "lovaszHinge", logits: normals(n, power), labels: binaryLabels(n, 0.2, 2), shape: [n] });
  }
  const n = 512 * 512;
  yield await row("softmax 21x512x512", {
    loss: "lovaszSoftmax",
    logits: normals(21 * n, 3),
    labels: classLabels(n, 21, 4),
    shape: [1, 21, n],
  });
}

async function row(what, task) {
  const values = task.logits.length;
  const cell = (bytes) => `${megabytes(bytes)} (${(bytes / values).toFixed(0)} B)`;
  const row = {
    what,
    exact: cell(await grown({ ...task, method: "sort" })),
    histogram: cell(await grown({ ...task, method: "histogram" })),
  };
  const peer = torch(task.logits, task.labels);
  await peer?.milliseconds();
  peer?.end();
  return { ...row, PyTorch: peer ? cell(peer.memory) : "not here" };
}

// in a thread of its own, as memory that has grown never shrinks
async function grown(task) {
  const worker = new Worker(new URL("./peers/memory.mjs", import.meta.url), { workerData: task });
  return new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
}

async function* steps() {
  if (process.platform !== "linux") {
    yield { what: "steps: left out, as the peak of a process is read from /proc, which Linux has" };
    return;
  }
  for (const { width, size } of UNETS) {
    for (const norm of ["none", "group", "batch"]) {
      const task = taskLine("UNet", { width, norm }, size);
      const what = `step, U-Net, width ${width}, norm ${norm}, ${size.join("x")}`;
      const ours = await grownBySteps(lovaszTraining(task, 1, dist));
      const theirs = await grownBySteps(torchTraining(task, 1));
      const cell = (bytes) => megabytes(bytes) + (theirs ? ` (${(bytes / theirs.process).toFixed(2)})` : "");
      yield { what, process: cell(ours.process), WebAssembly: cell(ours.core), PyTorch: theirs ? megabytes(theirs.process) : "not here" };
    }
  }
}

// by how many bytes the peak of a process, and the memory of the core in it, exceed what it held before
async function grownBySteps(peer) {
  if (!peer) return null;
  await peer.milliseconds("small");
  const core = peer.memory;
  const before = status(peer.pid, "VmRSS");
  // makes the peak what is held now
  writeFileSync(`/proc/${peer.pid}/clear_refs`, "5");
  for (let i = 0; i < STEPS; i++) await peer.milliseconds("step");
  const grown = { process: status(peer.pid, "VmHWM") - before, core: peer.memory - core };
  peer.end();
  return grown;
}

function status(pid, field) {
  const [, kilobytes] = new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return 1024 * kilobytes;
}

const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MB`;
