#!/usr/bin/env node
// The command `lovasz`.
import { run } from "./program.js";

// a reader that has seen enough, such as head, is no reason to end a training
process.stderr.on("error", () => {});
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE" || process.exitCode) return;
  process.stderr.write(`lovasz: standard output cannot be written to: ${error.message}\n`);
  process.exitCode = 1;
});

const code = await run(process.argv.slice(2));
process.exitCode ||= code;
