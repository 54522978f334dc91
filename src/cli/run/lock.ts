// Keeps two processes from training the same run at once.
import { existsSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { WrongCall } from "../exits.js";

/** Milliseconds after which a holder touches its lock again. */
const BEAT = 15_000;
/** A lock of another machine that was not touched for so long is that of a process which has ended. */
const STALE = 8 * BEAT;

// those of this process: after a restart of a container, another process may have had its number
const held = new Set<string>();

/**
 * Takes the lock `file` of the run at `path`; the function that it returns gives it back. Throws `WrongCall` where another process holds
 * it. The lock of a process that was killed counts for nothing.
 */
export function lock(file: string, path: string): () => void {
  const own = JSON.stringify({ process: process.pid, machine: hostname() });
  try {
    writeFileSync(file, own, { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const holder = holderOf(file);
    if (holder !== null) {
      throw new WrongCall(`${path} is being trained by ${holder}; wait for it or end it; if that is no lovasz train, remove ${file}`);
    }
    writeFileSync(file, own);
  }
  held.add(file);
  const beat = setInterval(() => touch(file), BEAT).unref();
  return () => {
    clearInterval(beat);
    held.delete(file);
    // the folder may have been taken away
    if (existsSync(file)) rmSync(file);
  };
}

function touch(file: string): void {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // the folder was taken away: there is nothing to hold
  }
}

// the living process that holds the lock, in words
function holderOf(file: string): string | null {
  const { process: id, machine } = read(file);
  if (!Number.isSafeInteger(id)) return null;
  if (machine !== hostname()) return Date.now() - statSync(file).mtimeMs < STALE ? `process ${id} of ${machine}` : null;
  const isAlive = id === process.pid ? held.has(file) : lives(id);
  return isAlive ? `process ${id}` : null;
}

function lives(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // alive, but of another user
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function read(file: string): { process: number; machine?: string } {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // its process was killed while it wrote
    return { process: Number.NaN };
  }
}
