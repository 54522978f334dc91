// The worker as built, but that it dies in the last step of a softmax: when it is about to say that it has done its second slab.
import { parentPort } from "node:worker_threads";

let slabs = 0;

const post = parentPort.postMessage.bind(parentPort);
parentPort.postMessage = (message, transfer) => {
  if ("done" in Object(message)) slabs += 1;
  if (slabs > 1) process.exit(6);
  post(message, transfer);
};

await import("../../../dist/worker.js");
