// How much more memory a process holds at most during a call than before it. Linux tells that in /proc; what getrusage says includes the
// peak of whoever started the process.
import { readFileSync, writeFileSync } from "node:fs";

/** Whether this machine tells. */
export const canTell = process.platform === "linux";

/** The bytes by which the memory of `peer` exceeds, at its peak during `calls`, what it holds now. A small call first loads its code. */
export async function grown(peer, calls) {
  await peer.milliseconds("small");
  const before = status(peer.pid, "VmRSS");
  // makes the peak what is held now
  writeFileSync(`/proc/${peer.pid}/clear_refs`, "5");
  await calls();
  return status(peer.pid, "VmHWM") - before;
}

/** A field of /proc/<pid>/status, in bytes. */
export function status(pid, field) {
  const [, kilobytes] = new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return 1024 * kilobytes;
}

/** "12.3 MB", for tables. */
export const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MB`;
