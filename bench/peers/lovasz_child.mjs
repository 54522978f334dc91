// A process that trains with the package in the folder argv[2] on argv[3] threads. Reads a task's line, then lines "step", "inference" or
// "small", each answered by its milliseconds, its result and the bytes of WebAssembly memory.
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { lovaszTraining } from "./lovasz_training.mjs";
import { readTask } from "./read_task.mjs";
import { useThreads } from "./threads.mjs";

const [folder, threads] = process.argv.slice(2);
const lovasz = await import(pathToFileURL(join(folder, "index.js")).href);
await useThreads(lovasz, Number(threads));
const lines = createInterface(process.stdin)[Symbol.asyncIterator]();
const { value: task } = await lines.next();
const calls = lovaszTraining(lovasz, readTask(task));
for await (const request of lines) {
  const start = performance.now();
  const result = calls[request]();
  const time = performance.now() - start;
  const memory = lovasz.tidy(() => lovasz.tensor(0).data.buffer.byteLength);
  console.log(`${time} ${result} ${memory}`);
}
// a worker would keep the process alive
await useThreads(lovasz, 1);
