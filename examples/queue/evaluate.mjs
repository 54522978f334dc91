// Scores a model on a folder of pictures, in parts on a queue: loss, IoU and confusion matrix, the same to the bit whatever worker did what.
//
//   redis-server --appendonly yes &
//   node examples/queue/worker.mjs &      on each machine, as often as it has cores
//   node examples/queue/evaluate.mjs --model model.safetensors --data pictures/ --parts 64 [--json]
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { FlowProducer, Job, Queue } from "bullmq";
import { COUNT, connect, JOB, lovasz, MERGE } from "./queue.mjs";

const { values: options } = parseArgs({
  options: {
    model: { type: "string" },
    data: { type: "string" },
    parts: { type: "string", default: "64" },
    json: { type: "boolean", default: false },
  },
});
const parts = Number(options.parts);
if (!options.model || !options.data || !(Number.isInteger(parts) && parts > 0)) {
  console.error("usage: evaluate.mjs --model FILE --data DIR [--parts N] [--json]");
  process.exit(2);
}

const connection = connect();
const flow = new FlowProducer({ connection });
const counting = new Queue(COUNT, { connection });
const merging = new Queue(MERGE, { connection });
for (const one of [flow, counting, merging]) one.on("error", () => {});
try {
  const line = await merged();
  await print(line);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await Promise.all([flow, counting, merging].map((one) => one.close()));
  connection.disconnect();
}

// a job for each part, and one that merges them when all are done
async function merged() {
  const args = ["--model", resolve(options.model), "--data", resolve(options.data), "--threads", "1"];
  const child = (i) => ({
    name: `part ${i + 1}/${parts}`,
    queueName: COUNT,
    data: { args: [...args, "--part", `${i + 1}/${parts}`] },
    // a part that fails for good fails the whole
    opts: { ...JOB, failParentOnFailure: true },
  });
  const children = Array.from({ length: parts }, (_, i) => child(i));
  const whole = await flow.add({ name: "merge", queueName: MERGE, data: { parts }, opts: JOB, children });
  return finished(
    whole.job.id,
    whole.children.map(({ job }) => job.id),
  );
}

// asks again and again: an event may be lost while Redis is restarted
async function finished(id, children) {
  for (;;) {
    const job = await Job.fromId(merging, id);
    const state = await job.getState();
    if (state === "completed") return job.returnvalue;
    if (state === "failed") throw new Error(await reasonOf(job, children));
    progress(await counting.getJobCounts("completed", "active", "waiting"));
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function reasonOf({ failedReason }, ids) {
  const children = await Promise.all(ids.map((id) => Job.fromId(counting, id)));
  const failed = children.find((child) => child?.failedReason);
  return failed ? `${failed.name} failed: ${failed.failedReason}` : failedReason;
}

function progress({ completed, active, waiting }) {
  if (process.stderr.isTTY) process.stderr.write(`\r${completed} parts done, ${active} under way, ${waiting} waiting `);
}

async function print(line) {
  const folder = mkdtempSync(join(tmpdir(), "lovasz-queue-"));
  try {
    const file = join(folder, "all.part");
    writeFileSync(file, line);
    process.stdout.write(await lovasz(["eval", "--parts", file, "--expect", String(parts), ...(options.json ? ["--json"] : [])]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
