// The worker as built, of which the first that comes to a step of a softmax, the one in MORTAL_STEP, dies: as soon as it has taken an item
// of it, or, with MORTAL_WHEN "done", when it is about to say that it has done one.
import { parentPort } from "node:worker_threads";

const { MORTAL_STEP: step, MORTAL_WHEN: when } = process.env;
const queues = { slabProbabilities: "pixelQueue", classLosses: "classQueue", slabGradients: "gradientQueue" };
let call = null;

parentPort.on("message", ({ task }) => {
  if (task.kind !== step) return;
  call = task.call;
  if (when === "done" || !isFirst()) return;
  Atomics.add(new Int32Array(call.memory.buffer), call.offsets[queues[step]] / 4, 1);
  process.exit(5);
});

// the start of the memory is nobody's; a later device may have the same memory, and another mark
const mark = Number(process.env.MORTAL_MARK);
const isFirst = () => Atomics.exchange(new Int32Array(call.memory.buffer), 0, mark) !== mark;

const post = parentPort.postMessage.bind(parentPort);
parentPort.postMessage = (message, transfer) => {
  if (call && isFirst()) process.exit(5);
  post(message, transfer);
};

await import("../../../dist/worker.js");
