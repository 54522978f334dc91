// The worker of bench/memory.mjs: one call, and by how many bytes it makes the memory of the core grow.
import { parentPort, workerData } from "node:worker_threads";
import { lovaszHinge, lovaszSoftmax, tensor, tidy, valueAndGrad } from "../../dist/index.js";

const { loss, logits, labels, shape, method } = workerData;
const losses = { lovaszHinge, lovaszSoftmax };
const size = () => tidy(() => tensor(0).data.buffer.byteLength);
const before = size();
valueAndGrad(losses[loss])(logits, labels, { shape, method });
parentPort.postMessage(size() - before);
