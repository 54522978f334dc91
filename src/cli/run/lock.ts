// Keeps two processes from training the same run at once.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { WrongCall } from "../exits.js";

/**
 * Takes the lock `file` of the run at `path`; the function that it returns gives it back. Throws `WrongCall` where another process of this
 * machine holds it. The lock of a process that was killed counts for nothing.
 */
export function lock(file: string, path: string): () => void {
  const own = JSON.stringify({ process: process.pid, machine: hostname() });
  try {
    writeFileSync(file, own, { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const holder = holderOf(file);
    if (holder !== null) {
      const cure = `wait for it, or end process ${holder}; if that is no lovasz train, remove ${file}`;
      throw new WrongCall(`${path} is being trained by process ${holder}; ${cure}`);
    }
    writeFileSync(file, own);
  }
  return () => {
    // the folder may have been taken away
    if (existsSync(file)) rmSync(file);
  };
}

// the living process of this machine that holds the lock
function holderOf(file: string): number | null {
  const { process: id, machine } = read(file);
  if (machine !== hostname() || !Number.isSafeInteger(id)) return null;
  try {
    process.kill(id, 0);
    return id;
  } catch (error) {
    // alive, but of another user
    return (error as NodeJS.ErrnoException).code === "EPERM" ? id : null;
  }
}

function read(file: string): { process: number; machine?: string } {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // its process was killed while it wrote
    return { process: 0 };
  }
}
