// How much memory a training step takes beyond what was held before it: the most that a process held at once, and what its WebAssembly memory
// grew by.
import { readFileSync, writeFileSync } from "node:fs";
import { dist } from "../peers/baseline.mjs";
import { aboutTorch, lovaszTraining, torchTraining } from "../peers/peer.mjs";
import { taskLine } from "../peers/task.mjs";

const STEPS = 2;

export const title = "Memory of a training step (binary cross-entropy, Adam), beyond what was held before; in brackets by PyTorch's";
export const about = () => [aboutTorch(), `the peak of ${STEPS} steps, less what the process held after a small one, which loads code`];

const UNETS = [
  { width: 8, size: [4, 256, 256] },
  { width: 16, size: [4, 128, 128] },
  { width: 32, size: [4, 128, 128] },
];

/** Rows: the network; the peak of our process, what the core grew by and the peak of PyTorch's process. */
export async function* run() {
  if (process.platform !== "linux") {
    yield { network: "left out, as the peak of a process is read from /proc, which Linux has" };
    return;
  }
  for (const { width, size } of UNETS) {
    for (const norm of ["none", "group", "batch"]) {
      const task = taskLine("UNet", { width, norm }, size);
      const network = `U-Net, width ${width}, norm ${norm}, ${size.join("x")}`;
      const ours = await grownBySteps(lovaszTraining(task, 1, dist));
      const theirs = await grownBySteps(torchTraining(task, 1));
      const cell = (bytes) => megabytes(bytes) + (theirs ? ` (${(bytes / theirs.process).toFixed(2)})` : "");
      yield {
        network,
        process: cell(ours.process),
        WebAssembly: cell(ours.core),
        PyTorch: theirs ? megabytes(theirs.process) : "not here",
      };
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
