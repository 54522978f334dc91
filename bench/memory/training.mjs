// How much memory a training step takes beyond what was held before it: the most that a process held at once, and what its WebAssembly memory
// grew by.
import { dist } from "../peers/baseline.mjs";
import { aboutTorch, lovaszTraining, torchTraining } from "../peers/peer.mjs";
import { taskLine } from "../peers/task.mjs";
import { canTell, grown, megabytes } from "./grown.mjs";

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
  if (!canTell) {
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

// of the process, and of the core in it
async function grownBySteps(peer) {
  if (!peer) return null;
  let core;
  const process = await grown(peer, async () => {
    core = peer.memory;
    for (let i = 0; i < STEPS; i++) await peer.milliseconds("step");
  });
  peer.end();
  return { process, core: peer.memory - core };
}
