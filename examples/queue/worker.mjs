// Counts and merges the parts in the queue, on as many machines as there are; all of them see the model and the pictures under the same paths.
//
//   npm run build && node examples/queue/worker.mjs
import { Worker } from "bullmq";
import { COUNT, connect, lovasz, MERGE, WORKER } from "./queue.mjs";

const connection = connect();
const workers = [
  new Worker(COUNT, ({ data: { args } }) => lovasz(["sketch", "count", ...args]), { ...WORKER, connection }),
  new Worker(MERGE, merge, { ...WORKER, connection }),
];

// A part that was counted again replaces what it was before, so each comes once; `--expect` fails if one is missing.
async function merge(job) {
  const parts = Object.values(await job.getChildrenValues());
  return lovasz(["sketch", "merge", "--expect", String(job.data.parts)], parts.join(""));
}

for (const worker of workers) {
  worker.on("failed", (job, error) => console.error(`${job?.name}: ${error.message}`));
  // Redis is away: the connection comes back by itself
  worker.on("error", (error) => console.error(error.message));
}

// finishes the parts under way
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    await Promise.all(workers.map((worker) => worker.close()));
    connection.disconnect();
  });
}
