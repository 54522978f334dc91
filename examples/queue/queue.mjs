// What the producer and the workers of the queue share: its names, its settings, and the command that does the work.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { UnrecoverableError } from "bullmq";
import { Redis } from "ioredis";

/** The queue of parts to count, and that of merges, each of which waits for its parts. */
export const [COUNT, MERGE] = ["lovasz-count", "lovasz-merge"];

/** Of every job: errors are tried again, later and later. Results stay for a day, for whoever asks late. */
export const JOB = {
  attempts: 4,
  backoff: { type: "exponential", delay: 500 },
  removeOnComplete: { age: 86_400 },
  removeOnFail: { age: 86_400 },
};

/**
 * Of every worker: it renews the lock of its job twice in `lockDuration`. When it dies, the lock runs out, and another worker does the part again,
 * however often that happens.
 */
export const WORKER = { lockDuration: 10_000, stalledInterval: 5_000, maxStalledCount: 100 };

/** A connection that waits while Redis is restarted. */
export const connect = () => new Redis(process.env.REDIS_URL ?? "redis://127.0.0.1:6379", { maxRetriesPerRequest: null });

const program = fileURLToPath(new URL("cli.js", import.meta.resolve("lovasz")));

/**
 * What `lovasz` prints for `args`, with `input` on its standard input. A process of its own, so that a long part does not keep a worker from
 * renewing its lock.
 */
export function lovasz(args, input = "") {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: ["pipe", "pipe", "pipe"] });
    const [out, err] = [[], []];
    child.stdout.on("data", (bytes) => out.push(bytes));
    child.stderr.on("data", (bytes) => err.push(bytes));
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(Buffer.concat(out).toString());
      else {
        const why = Buffer.concat(err).toString().trim() || `lovasz ended with code ${code}`;
        // a wrong call stays wrong
        reject(code === 2 ? new UnrecoverableError(why) : new Error(why));
      }
    });
  });
}
