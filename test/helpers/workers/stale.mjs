// A worker of another version of the package: it loads, and would answer.
import { parentPort } from "node:worker_threads";

parentPort.on("message", () => {});
parentPort.postMessage("loaded 0123456789abcdef");
