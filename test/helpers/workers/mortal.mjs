// The worker as built, but that it dies of whatever it is given to do.
import { parentPort } from "node:worker_threads";

parentPort.on("message", () => process.exit(3));

await import("../../../dist/worker.js");
