#!/usr/bin/env node
// The command `lovasz`.
import { closeSync } from "node:fs";
import { isatty } from "node:tty";
import { run } from "./program.js";
import { isNohup } from "./run/nohup.js";

const terminals = [0, 1, 2].filter((stream) => isatty(stream));

// a reader that has seen enough, such as head, is no reason to end a training, nor is a terminal that was closed
process.stderr.on("error", () => {});
process.stdout.on("error", ({ code, message }: NodeJS.ErrnoException) => {
  if (code === "EPIPE" || (code === "EIO" && terminals.includes(1)) || process.exitCode) return;
  process.stderr.write(`lovasz: standard output cannot be written to: ${message}\n`);
  process.exitCode = 1;
});
// without a listener Node ends at SIGHUP, whatever nohup asked for
if (isNohup()) process.on("SIGHUP", () => {});
// Node 20 restores the settings of its terminals as it ends, and aborts where one was closed
process.on("exit", () => {
  for (const stream of terminals) if (!isatty(stream)) closeSync(stream);
});

const code = await run(process.argv.slice(2));
process.exitCode ||= code;
// What the loss of a user left running, such as a timer or a server, must not keep the program; but a pipe may be read slowly, and
// standard error is told where standard output fails.
await written(process.stdout);
await written(process.stderr);
process.exit();

// once all that was written to `stream` before has gone out, or cannot
function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write("", () => resolve()));
}
