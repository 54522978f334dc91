// How much memory a call of a loss takes beyond its input and the array for the gradient: what the WebAssembly memory of a fresh core grows
// by, and, of PyTorch, the most that its process held at once less what it held before.
import { Worker } from "node:worker_threads";
import { aboutTorch, torch } from "../peers/peer.mjs";
import { binaryLabels, classLabels, normals } from "../random.mjs";
import { canTell, grown, megabytes } from "./grown.mjs";

export const title = "Memory of one call, loss and gradient, beyond its input and its result";
export const about = () => [aboutTorch()];

/** Rows: what is computed, and the megabytes and bytes a value of each who can. */
export async function* run() {
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
    exact: cell(await grownCore({ ...task, method: "sort" })),
    histogram: cell(await grownCore({ ...task, method: "histogram" })),
  };
  const peer = canTell ? torch(task.logits, task.labels) : null;
  if (peer) row.PyTorch = cell(await grown(peer, () => peer.milliseconds()));
  peer?.end();
  return row;
}

// in a thread of its own, as memory that has grown never shrinks
async function grownCore(task) {
  const worker = new Worker(new URL("../peers/memory.mjs", import.meta.url), { workerData: task });
  return new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
}
