// Renames files and folders. On Windows it is refused while another program, such as a virus scanner, has one of them open, for a moment mostly.
import { renameSync } from "node:fs";

// milliseconds
const PATIENCE = 2000;
const PAUSE = 20;
const HELD = ["EPERM", "EACCES", "EBUSY"];

/** Renames `from` to `to`, and on Windows tries again for two seconds while that is refused. No signal is handled meanwhile. */
export function rename(from: string, to: string): void {
  const end = performance.now() + PATIENCE;
  for (;;) {
    try {
      renameSync(from, to);
      return;
    } catch (error) {
      const mayBeHeld = process.platform === "win32" && HELD.includes((error as NodeJS.ErrnoException).code ?? "");
      if (!mayBeHeld || performance.now() > end) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
    }
  }
}
