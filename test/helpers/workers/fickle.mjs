// The worker as built, but that it dies of inputs longer than those that devices are measured with.
import { parentPort } from "node:worker_threads";

parentPort.on("message", ({ task }) => {
  const { length } = task.input ?? task.values ?? task.shared.logits;
  if (length > 2 ** 17) process.exit(4);
});

await import("../../../dist/worker.js");
