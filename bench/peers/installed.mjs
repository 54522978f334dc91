// A build as if it were installed: a copy of its dist/, which stays as it is when the next build empties dist/.
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A folder with a copy of `dist`, and beside it what the command looks for there: its package.json and the pictures. Gone at exit. */
export function installed(dist) {
  const folder = mkdtempSync(join(tmpdir(), "lovasz-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  cpSync(dist, join(folder, "dist"), { recursive: true });
  cpSync(new URL("../../package.json", import.meta.url), join(folder, "package.json"));
  symlinkSync(fileURLToPath(new URL("../../node_modules", import.meta.url)), join(folder, "node_modules"), "junction");
  return folder;
}
